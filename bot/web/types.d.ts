// What travels between the page and the server; for the type checker only (scripts/check-web).

export interface QuickReply {
  title: string;
  payload: string;
}

export interface Message {
  id: string;
  from?: "you" | "bot";
  text?: string;
  quick_replies?: QuickReply[];
  custom?: Custom;
}

export interface SessionState {
  session: string;
  history: Message[];
  emergency_number: string | null;
}

export interface Item {
  id: string;
  message: string;
  title?: string;
  again?: boolean;
}

export interface Custom {
  type?: string;
  data?: Custom;
  [key: string]: any;
}

export interface LedgerItem {
  fact: string;
  label: string;
  value: string;
  payload?: string;
}

export interface Cited {
  sources?: string[];
}

export interface Reason extends Cited {
  fact: string;
  label?: string;
  sentence: string;
  points?: number | null;
  effect?: string | null;
}

export interface Timeline extends Cited {
  weeks: number | null;
  begins: [number, number];
  latest: number;
  xray: number;
  again: [number, number] | null;
  begins_sentence: string;
  xray_sentence: string;
  again_sentence: string;
}

export interface Verdict extends Custom {
  urgency: string;
  risk_band: string;
  advice?: string;
  who_to_see?: string;
  band_sentence?: string;
  emergency_number?: string;
  red_flags?: (Cited & { say: string; urgency: string })[];
  reasons?: Reason[];
  imaging?: (Cited & { ask_for: string; when?: string })[];
  safety_net?: Record<string, string | string[]>;
  what_would_change?: { sentence: string }[];
  exclusions?: { sentence: string }[];
  timeline?: Timeline | null;
  sources?: { id: string; title: string; url: string }[];
}

export type Say = (message: string, title?: string) => void;
