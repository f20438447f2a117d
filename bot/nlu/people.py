"""Who the message is about, their age and sex."""

from __future__ import annotations

from functools import lru_cache

from bot.clinical.facts import PRESENT

from .ages import OLDEST, hear_age
from .numbers import number_at
from .patterns import Hit, PatternSet, longest
from .story import Story
from .vocabulary import kin_words, pattern_set, read

_AGE_UNITS = frozenset({"years", "year", "y", "yo"})
_UNITS_AFTER = frozenset(
    [
        "%",
        "percent",
        "degrees",
        "degree",
        "weeks",
        "week",
        "months",
        "month",
        "days",
        "day",
        "hours",
        "hour",
        "cm",
        "inches",
        "inch",
        "mg",
        "kg",
        "times",
        "time",
        "/",
        "out",
        "miles",
        "mile",
        "km",
        "lbs",
        "stone",
        "pounds",
        "c",
        "f",
        "to",
        "or",
        "and",
        "-",
        ".",
        ":",
        "am",
        "pm",
        "ago",
    ]
)
_FIRST = frozenset({"i", "im", "ive", "id", "me", "my", "mine", "mines", "myself", "our", "we"})
_SEX_LETTERS = {"m": "male", "f": "female"}


@lru_cache(maxsize=1)
def _people() -> PatternSet:
    data = read("people")
    labelled = [(("kin", word), word) for word in kin_words()]
    labelled += [(("self", ""), pattern) for pattern in data["self_clinical"]]
    labelled += [(("asking", ""), pattern) for pattern in data["asking_for"]]
    labelled += [(("myself", ""), pattern) for pattern in data["asking_for_myself"]]
    labelled += [(("sex", sex), p) for sex, patterns in data["says_sex"].items() for p in patterns]
    return pattern_set(labelled)


@lru_cache(maxsize=1)
def _sex_words() -> dict[str, str]:
    data = read("people")
    return {word: sex for sex in ("female", "male") for word in data[sex]}


def hear_person(story: Story) -> None:
    """Add ``about``, ``age`` and ``sex`` mentions and set ``story.about``."""
    hits = longest(dict.fromkeys(_people().find(story.words)))
    kin = _patient(story, hits)
    if kin:
        who, _ = kin_words()[kin.label[1]]  # type: ignore[index]
        story.about = who
        story.mentions.append(story.mention("about", who, kin.words))
        story.followed |= set(kin.words)
    hear_age(story)
    if kin:
        _hear_child_age(story, kin)
    else:
        _hear_own_child(story)
        _hear_asked_for(story, hits)
        _hear_myself(story, hits)
    _hear_sex(story, hits, kin)


def _hear_child_age(story: Story, kin: Hit) -> None:
    """ "my toddler": an age, where no number is told."""
    ages = read("people")["child_ages"]
    word = story.words[kin.words[-1]]
    if word in ages and not any(mention.kind == "age" for mention in story.mentions):
        story.mentions.append(story.mention("age", int(ages[word]), kin.words))


def _hear_myself(story: Story, hits: list[Hit]) -> None:
    """ "its about me": the writer is the case, and not "not for me"."""
    told = [hit for hit in hits if hit.label[0] == "myself"]  # type: ignore[index]
    denied = {"not", "isnt", "wasnt", "never"}
    if told and story.about == "self" and not denied & set(story.words[: told[0].end]):
        story.mentions.append(story.mention("about", "self", told[0].words))


def _hear_own_child(story: Story) -> None:
    """ "my 8 year old": a child with no other word for it."""
    for at in range(len(story.words) - 3):
        my, number, *unit = story.words[at : at + 4]
        if (
            my == "my"
            and number.isdecimal()
            and int(number) < 18
            and unit[0] in _AGE_UNITS
            and unit[1] == "old"
        ):
            story.about = "child"
            story.mentions.append(story.mention("about", "child", tuple(range(at, at + 4))))
            return


def _hear_asked_for(story: Story, hits: list[Hit]) -> None:
    """ "im his carer", "its for someone else": another, without a word for who."""
    asked_for = [hit for hit in hits if hit.label[0] == "asking"]  # type: ignore[index]
    if asked_for and story.about == "self" and _pronoun_sex(story, 0):
        story.about = "patient"
        story.mentions.append(story.mention("about", "patient", asked_for[0].words))


def _patient(story: Story, hits: list[Hit]) -> Hit | None:
    """The relative whom the message is about, or None when it is about the writer."""
    kin = [hit for hit in hits if hit.label[0] == "kin"]  # type: ignore[index]
    kin = [hit for hit in kin if not any(other.start == hit.end for other in kin)]  # "my sisters lad"
    kin = [hit for hit in kin if not (_is_of_the_case(story, hit) or _is_a_birth(story, hit))]
    if not kin or any(hit.label[0] == "myself" for hit in hits):  # type: ignore[index]
        return None
    rarely = read("people")["only_if_asked"]
    asked_for = [hit for hit in hits if hit.label[0] == "asking" and _asks_for_another(story, hit, kin)]  # type: ignore[index]
    if asked_for:
        near = (
            [hit for hit in kin if hit.start <= asked_for[0].start][-1:]
            if _looks_back(story, asked_for[0]) or any(_is_just_before(hit, asked_for[0]) for hit in kin)
            else []
        )
        return next(iter(near), None) or next((hit for hit in kin if hit.start >= asked_for[0].start), kin[0])
    kin = [hit for hit in kin if hit.label[1] not in rarely or _is_told_now(story, hit)]  # type: ignore[index]
    if not kin:
        return None
    with_age = [hit for hit in kin if _age_follows(story, hit)]
    if with_age:
        return with_age[0]
    first = kin[0]
    if any(hit.label[0] == "self" for hit in hits):  # type: ignore[index]
        return first if _is_told_most_of(story, first) else None
    return first if _subject(story, first) else None


def _is_told_now(story: Story, hit: Hit) -> bool:
    """ "mate is a c7, his leg is swollen": signs of now, and the writer is nowhere in it."""
    data = read("people")
    others = set(story.words[: max(0, hit.start - 1)] + story.words[hit.end :])
    pronouns = set().union(*data["pronouns"].values())
    signs = [f for f in story.findings if f.kind == "symptom" and f.assertion == PRESENT]
    return bool(signs and pronouns & others and set(data["now"]) & others) and not _FIRST & others


def _is_of_the_case(story: Story, hit: Hit) -> bool:
    """ "her dad smokes, she doesnt": a relative of the one it is about."""
    return (
        hit.start > 0
        and story.words[hit.start - 1] in ("his", "her", "their")
        and not _FIRST & set(story.words)
    )


def _is_a_birth(story: Story, hit: Hit) -> bool:
    """ "had a baby 5 weeks ago": it is about the mother."""
    before = set(story.words[max(0, hit.start - 3) : hit.start])
    return story.words[hit.start] in ("baby", "newborn") and bool({"had", "having", "delivered"} & before)


def _asks_for_another(story: Story, asked_for: Hit, kin: list[Hit]) -> bool:
    """Not "im just here for my stiff elbow"."""
    if story.words[asked_for.start] not in ("here", "question", "asking", "writing", "typing", "posting"):
        return True
    return any(0 <= hit.start - asked_for.end <= 6 or _is_just_before(hit, asked_for) for hit in kin)


def _is_just_before(kin: Hit, asked_for: Hit) -> bool:
    """ "its my sister im asking about"."""
    return 0 <= asked_for.start - kin.end <= 2


def _looks_back(story: Story, asked_for: Hit) -> bool:
    """ "my dad, who were talking about": the words that ask stand after the relative."""
    return story.words[asked_for.start] in ("who", "whom", "whos", "thats", "hes", "shes")


def _is_told_most_of(story: Story, kin: Hit) -> bool:
    """ "i have diabetes and my husband had the hip replacement, he ...": the trouble is the relative's."""
    pronouns = set().union(*read("people")["pronouns"].values())
    after = [w for w, next_word in _pairs(story.words[kin.end :]) if w != "my" or not _is_kin(next_word)]
    if not pronouns & set(after) or _FIRST & set(after) or after[:1] == ["died"]:
        return False
    trouble = [f for f in story.findings if f.kind in ("event", "symptom")]
    return bool(trouble) and all(f.start >= kin.start for f in trouble)


def _age_follows(story: Story, hit: Hit) -> bool:
    at = hit.end
    while at < len(story.words) and story.words[at] in _BEFORE_AN_AGE:
        at += 1
    number = number_at(story.words, at)
    if (
        number
        and number[0] == int(number[0])
        and 0 < number[0] <= OLDEST
        and story.words[at] not in ("a", "an")
    ):
        rest = (story.words[number[1] : number[1] + 1] or ["."])[0]
        return rest in _AGE_UNITS or rest not in _UNITS_AFTER - {".", "and"}
    return story.words[max(0, hit.start - 1)] == "old"


_BEFORE_AN_AGE = frozenset(read("people")["ages"]["after_a_person"])


def _subject(story: Story, hit: Hit) -> bool:
    """ "mum fell", "brother is 33", "the patient has": the relative opens the story or its sentence."""
    has_merely = story.words[hit.end : hit.end + 2]
    if has_merely[:1] == ["died"] or _is_family_history(story, hit):
        return False
    pronouns = set().union(*read("people")["pronouns"].values())
    told_on = any(word in pronouns for word in story.words[hit.end :])
    if not told_on and any(onlooker.start == hit.end for onlooker in _onlookers().find(story.words)):
        return False
    if not told_on and _speaks_of_self(story, hit.end):
        return False
    possessive = hit.start <= 3 and has_merely[:1] not in (["had"], ["says"], ["said"], ["thinks"])
    return (
        told_on
        or possessive
        or (
            not _FIRST & set(story.words[: max(0, hit.start - 1)] + story.words[hit.end :])
            and "ho" not in story.words
        )
    )


@lru_cache(maxsize=1)
def _onlookers() -> PatternSet:
    return pattern_set(("onlooker", pattern) for pattern in read("people")["onlookers"])


def _pairs(words: list[str]) -> list[tuple[str, str]]:
    return list(zip(words, [*words[1:], "."][: len(words)], strict=True))


def _is_family_history(story: Story, hit: Hit) -> bool:
    """ "my gran had pagets" and nothing more: no trouble of today is told."""
    told = [f for f in story.findings if f.kind in ("symptom", "event")]
    if kin_words()[hit.label[1]][0] == "child":  # type: ignore[index]
        return False
    return (
        story.words[hit.end : hit.end + 1] in (["had"], ["has"])
        and not told
        and len(story.words) <= hit.end + 6
    )


def _speaks_of_self(story: Story, start: int) -> bool:
    """ "my dad has diabetes, i dont", "mine is stiff": the writer is more than an onlooker."""
    looking_on = read("people")["looking_on"]
    pairs = _pairs(story.words)
    after_i = [after for word, after in pairs if word in ("i", "im", "ive")]
    of_mine = [after for word, after in pairs[start:] if word == "my" and not _is_kin(after)]
    told = any(word not in looking_on or word == "dont" for word in after_i)
    return told or bool(of_mine) or bool({"mine", "mines"} & set(story.words))


def _is_kin(word: str) -> bool:
    return word in kin_words()


def _hear_sex(story: Story, hits: list[Hit], kin: Hit | None) -> None:
    said = [hit for hit in hits if hit.label[0] == "sex"]  # type: ignore[index]
    if kin:
        sex = kin_words()[kin.label[1]][1] or _pronoun_sex(story, kin.end)  # type: ignore[index]
        if sex:
            story.mentions.append(story.mention("sex", sex, kin.words))
            return
    at = _sex_beside_age(story)
    if at is None and story.about == "self":
        at = _sex_alone(story)
    if at is not None:
        story.mentions.append(story.mention("sex", _sex_words()[story.words[at]], (at,)))
        story.followed.add(at)
    elif said and story.about == "self":
        story.mentions.append(story.mention("sex", said[0].label[1], said[0].words))  # type: ignore[index]
    elif not kin and (
        _third_person(story) or (story.about in ("child", "patient") and _pronoun_sex(story, 0))
    ):
        sex = _pronoun_sex(story, 0)
        where = next(i for i, w in enumerate(story.words) if _sex_words().get(w) == sex)
        story.mentions.append(story.mention("sex", str(sex), (where,)))


def _third_person(story: Story) -> bool:
    """A story told of "him" or "her" with no first person at all."""
    first = {"i", "im", "ive", "my", "myself", "mine"} & set(story.words)
    return not first and _pronoun_sex(story, 0) is not None


def _pronoun_sex(story: Story, start: int) -> str | None:
    pronouns = read("people")["pronouns"]
    for word in story.words[start:]:
        for sex, words in pronouns.items():
            if word in words:
                return str(sex)
    return None


def _sex_beside_age(story: Story) -> int | None:
    beside = read("people")["beside_age"]
    for at, word in enumerate(story.words):
        if word not in beside:
            continue
        near = story.words[max(0, at - 5) : at]
        if word in _SEX_LETTERS:
            near = [w for w in near if w not in ("/", ",")][-1:] + story.words[at + 1 : at + 2]
        told = any(_is_age(near, i) for i in range(len(near)))
        if told and not _is_height(story, at):
            return at
        after = [w for w in story.words[at + 1 : at + 4] if w not in (",", "of", "aged")]
        if (
            after
            and after[0].isdecimal()
            and 0 < int(after[0]) <= OLDEST
            and after[1:2] not in (["weeks"], ["days"], ["months"])
        ):
            return at
    return None


def _is_age(words: list[str], at: int) -> bool:
    """A number that may be an age; in words only from twelve up ("one man")."""
    number = number_at(words, at)
    least = 1 if words[at].isdecimal() else 12
    return bool(number and number[0] == int(number[0]) and least <= number[0] <= OLDEST)


def _is_height(story: Story, at: int) -> bool:
    """ "101.5 f", "39 f" after a temperature, "6m ago": a unit, not a person."""
    before = {story.words[i] for i in story.sentence(at) if at - 5 < i < at}
    after = story.words[at + 1 : at + 2]
    if story.words[at] == "f" and {"temp", "temperature", "fever"} & before:
        return True
    return story.words[at] in _SEX_LETTERS and after in (["ago"], ["back"], ["tall"], ["high"])


def _sex_alone(story: Story) -> int | None:
    """ "im a man", "young woman", "58, healthy male": not "my doctor is a woman"."""
    strong = read("people")["strong"]
    for at, word in enumerate(story.words):
        before = story.words[max(0, at - 4) : at]
        if word in strong and (
            at == 0 or {"im", "young", "old", "am", "adult", "elderly", ".", ",", "as"} & set(before[-3:])
        ):
            return at
        if word in strong and len(story.words) - at <= 1:
            return at
    return None
