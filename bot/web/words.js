// Every word of the page, in one table. What the assistant says comes from the server.

export const WORDS = {
  urgency: {
    emergency: "Emergency: get help now",
    same_day: "See a doctor today",
    within_2_weeks: "See a doctor within 2 weeks",
    routine: "Book a routine visit",
    self_care: "Care for yourself at home",
  },
  risk: {
    high: "Chance of extra bone (HO): high",
    moderate: "Chance of extra bone (HO): moderate",
    low: "Chance of extra bone (HO): low",
  },
  bands: { low: "Low", moderate: "Moderate", high: "High" },
  you: "You: ",
  bot: "HO Triage: ",
  several: "Tick all that fit",
  alone: ["None of these", "Not sure"],
  send: "Send",
  call: "Call ",
  emergency: "Emergency? Call ",
  noNumber: "your emergency number (112, 911 or 999)",
  part: "Part {n} of {of}",
  // The connection
  offline: "You are offline. What you write is sent when you are back.",
  waiting: "Not sent yet",
  refused: "This browser keeps no cookie for this chat, and the chat needs one.",
  openAlone: "Open the chat on its own page",
  long: "That is a long message. I can read the first 2,000 letters. Short steps work best.",
  // The verdict
  whom: "Whom to see: ",
  why: "Why I say so",
  raised: "raises the chance",
  lowered: "lowers the chance",
  neutral: "counts neither way",
  scale: "Low, moderate or high",
  scans: "Scans to ask for",
  safe: "Stay safe",
  changes: "What would change this advice",
  sources: "Sources",
  source: "Source ",
  more: "More: what I know about extra bone (HO)",
  limits: "This is to learn from. It is not a medical device and gives no diagnosis.",
  copy: "Copy for my doctor",
  // The time line
  time: "Where you are in time",
  begins: "Extra bone often begins",
  xray: "An X-ray can show it",
  again: "Check again",
  now: "You are here",
  event: "Event",
  week: "week {n}",
  weeks: "week {from} to {to}",
  from: "from week {from} on",
  year: "1 year",
  later: "week {n}",
  // The ledger
  ledger: "What I heard",
  change: "Change",
  denied: "You said no to these ({n})",
  no: ["no"],
  // The body picture
  body: "Point at a picture",
  bodyHelp: "This is you, seen from the front. Your right is on the left of the picture.",
  yourRight: "Your right",
  yourLeft: "Your left",
  sides: { left: "Left", right: "Right" },
  // The letter
  print: "Print or save",
  noLetter: "There is no advice yet. Finish the chat first, then come back.",
  // Speech
  speak: "Speak",
  speakNote: "Speak now. Your browser turns your voice into text. It may send the sound to its maker to do so.",
  speakFailed: "I could not hear you. Please type, or try again.",
  // Leaving
  deleteTitle: "Delete this chat?",
  deleteText: "Your answers are erased here and on our side. This cannot be undone.",
  deleteYes: "Delete it",
  deleteNo: "Keep it",
  deleteSays: "delete my data",
  idleTitle: "Are you still there?",
  idleText: "This chat is still open. If others use this device, clear it from the screen. It stays with us. To erase it, go on and press Delete.",
  idleYes: "Clear the screen",
  idleNo: "Go on",
};

/**
 * A text with its blanks filled.
 * @param {string} text
 * @param {Record<string, string | number>} blanks
 */
export function fill(text, blanks) {
  return text.replace(/\{(\w+)\}/g, (_, name) => String(blanks[name]));
}
