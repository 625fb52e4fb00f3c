"""English words of abuse that are ordinary words elsewhere accuse nobody; English abuse in any language counts."""

from __future__ import annotations

import pandas as pd
import pytest

from chapterwatch.policy import Pack, load_pack
from checks.engine import compile_pack, judge_table

ORDINARY = {
    "de": [
        "Die Mutter stillt ihr Kind, und die Sonne scheint hell auf den dicken Baum.",
        "Das Baby ist dick und rund und sehr zufrieden nach dem Stillen.",
        "Wir bringen euch das Gift der Bienen näher: ein Vortrag im Garten.",
        "Wir schlagen vor, das Treffen zu verschieben, und schießen ein Gruppenfoto.",
        "Schäm dich nicht, in der Öffentlichkeit zu stillen.",
    ],
    "fr": [
        "Désolée du retard, le train est encore en retard ce matin et la réunion commence à dix heures.",
        "Il est trop tard pour s'inscrire, mais il reste des places en décembre.",
        "La tapette à mouches est en vente au stand numéro quatre.",
        "On va mourir de rire ce soir au spectacle de nos membres.",
        "Une douche, une porte fermée, dix minutes à soi : ce n'est pas un manque d'amour.",
        "Nos bénévoles se battent pour chaque enfant et ne lâchent rien.",
    ],
    "es": [
        "El vestido negro de la presidenta le quedaba muy bien en la cena.",
        "Este año celebramos diez años de apoyo a las madres.",
        "Esperamos que te den el premio el sábado.",
        "Te voy a matar a besos cuando te vea, hermana.",
        "La Roma son unos animales en la defensa.",
    ],
    "pt": [
        "A esperança é a última que morre, e o encontro é no sábado.",
        "O pinto da vizinha fugiu outra vez, as crianças adoraram.",
        "Vamos matar a saudade no encontro de sábado com as mães.",
        "Os da Roma são uns animais em campo, que jogo!",
    ],
    "nl": [
        "Die dame met de dikke trui hoort bij de club, hoe laat begint het?",
        "De baby is dood op en slaapt in de armen van oma, wat een slim kind.",
        "Douchen mag na twee dagen, en de wankele stoel staat in de douche.",
        "Wij slagen erin het slot te maken, de brand is uit en het gas is dicht.",
        "De kinderen gooien steentjes in de sloot en de man met de hoed lacht.",
        "Hij is held op sokken, zij is boos om een list, en wij drinken een kop thee.",
    ],
}
ABUSE = [
    ("de", "Der Vorstand ist unmöglich, you lying bastard, und alle wissen das."),
    ("fr", "La présidente ment encore, you pathetic liar, et tout le monde le sait."),
    ("de", "Die Sitzung war eine Farce. I will kill you, das ist ein Versprechen."),
    ("fr", "Crève, ordure, personne ne te regrettera dans cette section."),
]


@pytest.fixture(scope="module", params=["ala", "lll"])
def pack(request: pytest.FixtureRequest) -> Pack:
    """Both associations' packs."""
    return load_pack(request.param)


def found(pack: Pack, posts: list[tuple[str, str]]) -> set[str]:
    """The ids of those posts in which any rule of the pack finds something."""
    table = pd.DataFrame(
        {"id": [str(at) for at in range(len(posts))], "text": [text for _, text in posts]}, dtype="str"
    )
    table["lang"] = pd.array([language for language, _ in posts], dtype="str")
    findings, _ = judge_table(table, compile_pack(pack))
    return set(findings["id"])


def test_ordinary_words_accuse_nobody(pack: Pack) -> None:
    """Near-misses of four languages, none with a finding of any rule."""
    posts = [(language, text) for language, texts in ORDINARY.items() for text in texts]
    assert [] == [posts[int(at)] for at in sorted(found(pack, posts))]


def test_english_abuse_in_another_language_counts(pack: Pack) -> None:
    """People mix languages; what is meant to hurt is heard all the same."""
    assert {str(at) for at in range(len(ABUSE))} == found(pack, ABUSE)
