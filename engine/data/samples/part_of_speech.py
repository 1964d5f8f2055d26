"""Sentences with part-of-speech tags, full of words whose tag depends on their neighbours.

The tags are the universal ones; possessives ("my") are pronouns and "to" before a verb is a particle, as in the
English treebanks of Universal Dependencies.
"""

from __future__ import annotations

from random import Random

from engine.data.samples.sample import read_tagged
from engine.data.samples.sentence_templates import TaggedSentence, capitalised, fill, slot, tagged

COUNT = 2_400  # sentences, hand-written ones included
TAGS = (
    "NOUN",
    "VERB",
    "ADJ",
    "ADV",
    "PRON",
    "DET",
    "ADP",
    "PROPN",
    "AUX",
    "CCONJ",
    "PART",
    "NUM",
    "PUNCT",
    "INTJ",
    "SCONJ",
)

# Words that can be nouns or verbs: these are the hard ones.
BOTH = "plan play dance walk drink show watch cook dream talk paint train book plant ring test call visit answer help"
ONLY_NOUN = "bag table house chair letter picture box car key glass window bottle lamp boat cat dog bird song"
PEOPLE = "teacher doctor friend child farmer singer driver girl boy brother sister neighbour student baker"
DOES = "see find like open clean close carry buy sell move need love want hold wash watch book plant show visit paint"
DID = "saw found liked opened cleaned closed carried bought sold moved needed loved wanted held washed lit hid lost"
RESTS = "sleep run walk swim dance work sing laugh rest talk play fish cook dream smile wait drink"
ADJECTIVES = (
    "big small old new red green happy sad quiet loud light open clean dry cool warm kind mean fast hard "
    "empty close right"
)


def _third(verb: str) -> str:
    """The form after "she"."""
    if verb.endswith(("ch", "sh", "s")):
        return verb + "es"
    return verb[:-1] + "ies" if verb.endswith("y") and verb[-2] not in "aeiou" else verb + "s"


def _forms(words: str) -> str:
    return " ".join(_third(word) for word in words.split())


SLOTS = {
    "the": slot("the the the a a this that every", "DET") + slot("my your his her our their", "PRON"),
    "all": slot("the these those some all", "DET") + slot("two three four five ten", "NUM") + slot("my our", "PRON"),
    "noun": slot(BOTH, "NOUN") + slot(ONLY_NOUN + " fish can light", "NOUN"),
    "nouns": slot(_forms(BOTH) + " " + _forms(ONLY_NOUN) + " fish cans lights", "NOUN"),
    "person": slot(PEOPLE, "NOUN"),
    "people": slot("teachers doctors friends children farmers singers students boys girls", "NOUN"),
    "place": slot("garden park school station kitchen market town forest river street", "NOUN"),
    "adj": slot(ADJECTIVES, "ADJ"),
    "we": [*slot("I you we they", "PRON"), "<all> <people>"],
    "she": [*slot("he she", "PRON"), "<name>", "<the> <person>", "<the> <adj> <person>"],
    "anyone": ["<we>", "<she>"],
    "her": slot("him her it them", "PRON"),
    "name": slot("Anna Tom Mark Will May Rose Bill Maria Jack Grace Hope Chirag", "PROPN"),
    "city": slot("Paris London Mumbai Berlin India France", "PROPN"),
    "do": slot(DOES, "VERB"),
    "does": slot(_forms(DOES), "VERB"),
    "did": slot(DID, "VERB"),
    "rest": slot(RESTS, "VERB"),
    "rests": slot(_forms(RESTS), "VERB"),
    "can": slot("can can will will may must should could would might", "AUX"),
    "how": slot("well fast hard slowly quickly quietly happily outside again", "ADV"),
    "often": slot("often always never sometimes usually", "ADV"),
    "in": slot("in near behind by under on", "ADP"),
    "because": slot("because if although while before after since", "SCONJ"),
    "and": slot("and or but", "CCONJ"),
    "act": slot("love hope need work rest water swim sleep talk play", "NOUN"),
    "thing": ["<the> <noun>", "<the> <adj> <noun>", "<all> <nouns>", "<all> <adj> <nouns>"],
    "oh": slot("oh well yes no hello hey", "INTJ"),
    "is": slot("is was", "AUX"),
    "end": ["./PUNCT", "./PUNCT", "./PUNCT", "!/PUNCT", ""],
    "clause": [
        "<we> <do> <thing>",
        "<she> <does> <thing>",
        "<anyone> <did> <thing>",
        "<we> <rest> <how>",
        "<she> <rests> <how>",
        "<anyone> <can> <rest>",
        "<anyone> <can> <do> <thing>",
    ],
}
TEMPLATES = (
    "<clause> <end>",
    "<clause> <end>",
    "<clause> <and> <clause> <end>",
    "<clause> <because> <clause> <end>",
    "<because> <clause> ,/PUNCT <clause> <end>",
    "<oh> ,/PUNCT <clause> <end>",
    "<anyone> <can> not/PART <do> <thing> <end>",
    "<we> do/AUX not/PART <do> <her> <end>",
    "<she> does/AUX not/PART <rest> <how> <end>",
    "<we> <often> <rest> <in> <the> <place> <end>",
    "<she> <often> <rests> <in> <the> <place> <end>",
    "<can> <she> <do> <thing> ?/PUNCT",
    "do/AUX <we> <rest> <in> <the> <place> ?/PUNCT",
    "<the> <noun> <is> <adj> <end>",
    "<the> <adj> <noun> <is> <in> <thing> <end>",
    "<the> <noun> <is> <adj> <and> <the> <noun> <is> <adj> <end>",
    "<we> like/VERB to/PART <rest> <end>",
    "<we> love/VERB to/PART go/VERB to/ADP <the> <place> <end>",
    "<she> wants/VERB to/PART <do> <thing> <end>",
    "<she> went/VERB to/ADP <the> <place> to/PART <rest> <end>",
    "<she> lives/VERB in/ADP <city> <end>",
    "<name> <and> <name> <did> <thing> in/ADP <city> <end>",
    "<we> know/VERB that/SCONJ <clause> <end>",
    "<we> hope/VERB that/SCONJ that/DET <noun> <is> <adj> <end>",
    "that/PRON <is> <the> <noun> that/PRON <we> <do> <end>",
    "<do> <thing> <how> ,/PUNCT please/INTJ <end>",
    "<do> <thing> <and> <rest> <how> <end>",
    "<she> <rests> like/ADP <the> <adj> <person> <end>",
    "<we> have/VERB <thing> <end>",
    "<we> have/AUX seen/VERB <thing> <in> <the> <place> <end>",
    "<she> has/VERB <thing> <and> <she> has/AUX sold/VERB <her> <end>",
    "after/ADP <the> <noun> ,/PUNCT <clause> <end>",
    "before/ADP <the> <noun> <she> <did> <her> <end>",
    "<she> left/VERB <the> left/ADJ <noun> <in> <the> <place> <end>",
    "<the> light/ADJ <noun> <is> under/ADP <the> light/NOUN <end>",
    "<we> fish/VERB for/ADP <all> fish/NOUN <in> <the> river/NOUN <end>",
    "<anyone> can/AUX <do> <the> can/NOUN <end>",
    "<name> will/AUX <do> <the> <noun> in/ADP May/PROPN <end>",
    "<anyone> <can> park/VERB <the> car/NOUN near/ADP <the> park/NOUN <end>",
    "<anyone> <can> water/VERB <the> <nouns> with/ADP <adj> water/NOUN <end>",
    "light/VERB <the> <adj> lamp/NOUN in/ADP <the> <place> <end>",
    "hand/VERB <her> <the> <noun> with/ADP your/PRON <adj> hand/NOUN <end>",
    "<anyone> paid/VERB <the> <adj> bill/NOUN <end>",
    "<the> sun/NOUN rose/VERB and/CCONJ <she> picked/VERB <the> <adj> rose/NOUN <end>",
    "<the> <act> <is> <adj> <end>",
    "<we> <do> <act> <and> <act> <end>",
    "<all> <people> train/VERB hard/ADV for/ADP <the> hard/ADJ <noun> <end>",
    "<she> <can> write/VERB <the> <adj> will/NOUN <end>",
    "turn/VERB right/ADV <in> <the> right/ADJ <place> <end>",
    "come/VERB back/ADV ,/PUNCT <the> back/NOUN <is> <adj> <end>",
)


def part_of_speech(seed: int = 0) -> list[TaggedSentence]:
    """(words, tags), no sentence twice; about half begin with a capital, so that the network learns both spellings."""
    random = Random(seed)
    rows = {tuple(words): tags for words, tags in read_tagged("part_of_speech.txt")}
    while len(rows) < COUNT:
        sentence = tagged(fill(random.choice(TEMPLATES), SLOTS, random))
        words, tags = capitalised(sentence) if random.random() < 0.5 else sentence
        rows.setdefault(tuple(words), tags)
    result = [(list(words), tags) for words, tags in rows.items()]
    random.shuffle(result)
    return result
