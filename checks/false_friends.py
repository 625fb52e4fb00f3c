"""English words of abuse and violence that are ordinary words elsewhere: "Die Mutter", "en retard", "el vestido negro".

English words count in posts of every language, for people mix them. These do not count where the post is in the
language they are ordinary in. Words are as in `Text.words`: lower case, without accents.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

FALSE_FRIENDS: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "de": (
            "arm ass bad boss brand bug club dick die dies fall fell gang gas geld gift gross gut hack hammer"
            " hang hell herd kick lead list live man mob normal nun pest putz rang rank rat rot sack"
            " schmuck sex stab stock tag virus war wild"
        ),
        "fr": (
            "abuse animal as assassin ban bite bras brute but cage cancer cap chair chat club con"
            " cruel danger demon demons dense douche douches exile farce fat fine four grave idiot lame massacre men"
            " menace mental mince mite mites mob mule mules normal poison poser rape rat rates refuse"
            " rends retard retards sale serve tard tards torture vain vile virus vote"
        ),
        "es": (
            "animal cancer club come con cruel lame mental negro negros normal once rape red roma sin tribal"
            " virus vulgar"
        ),
        "pt": (
            "animal cancer club come cruel mental negro negros normal once rape roma serve sin tribal virus vote vulgar"
        ),
        "it": (
            "abusive aggressive animal ape ban bastarda bastarde bastardi bastardo bimbi bimbo cane cap"
            " capable cause class come compete corrosive costa crude dare date dense destructive die dole"
            " fare fate fine grave idle impure in inane insane intensive lame latina latine latino lesbo"
            " male mare mite mule mute native negro normal nude obese obsolete offensive oppressive pale"
            " perverse pop porno pure rape rate rete ride roma romani rose sale san sense serve sin sole sore"
            " spore stole tar tase torture vane vie vile violate virus volatile vote zip"
        ),
        "nl": (
            "abo abos af arm autist bad ban base bash batter beat berk bint blow boor boring brains"
            " brand break breed brood bug bully cap carve chop club cobra compost crack crude cum"
            " dames dat deck dick dictator die dies dim discipline douche drive easy end enter fagot"
            " fake gas geld git grind guido gut hack han hang held hit hoe hoes holes homo homos"
            " horde human hung hunt imp intelligent jab joke jump kick lady lame lesbo lesbos list"
            " live loon loons mad man men mob monster nag normal nun nut old peen pest place pop prat"
            " punch punk ram rank rape reek rend rest rips rot rots scalp serve shot skin slag slam"
            " slap slash slip sloot sloots slop slot slut smart smash snap snaps spies split splits"
            " spore stab stomp stone strap study tackle tart tie toilet tool tools torn toss toy"
            " troon twist virus war weed wet wild willies willy worm wring wringing"
        ),
        "sv": "bra die fart hell slut virus",
        "da": "die fag fart hang slut virus",
        "no": "die fag fart hang slut virus",
        "pl": "fart virus",
    }.items()
}
#: The same the other way about: the languages in which a word is an ordinary one.
ORDINARY_IN: Mapping[str, frozenset[str]] = {
    word: frozenset(language for language, words in FALSE_FRIENDS.items() if word in words)
    for word in frozenset().union(*FALSE_FRIENDS.values())
}
_NONE: frozenset[str] = frozenset()
#: How ordinary words begin that an open-ended English one takes in: Dutch bathes ("douchen") and sways ("wankelen").
_BEGINNINGS: Mapping[str, re.Pattern[str]] = {"nl": re.compile(r"douche(?!bag|canoe)|wank(?:el|l|ant)|lesboe|pornogra")}


def is_false_friend(words: str, language: str) -> bool:
    """Whether the first of some English words is an ordinary one in the language of the post."""
    first = words.split(" ", 1)[0]
    begins = _BEGINNINGS.get(language)
    return first in FALSE_FRIENDS.get(language, _NONE) or (begins is not None and begins.match(first) is not None)
