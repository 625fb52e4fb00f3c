"""Disclaimers and membership statements (ALA-18, ALA-20, LLL-35, LLL-36), in many wordings and languages."""

# ruff: noqa: E501, RUF001 - lists of what people write about themselves, in their own characters.

from __future__ import annotations

import pytest

from checks.statements import find_disclaimer, says_member
from checks.text import prepare

NAMES = ("ALA", "Association of Legal Administrators")

NO_DISCLAIMERS = (
    "We disclaim all liability", "Views from the top", "Views from the top of my own mountain", "Ocean views",
    "Room with a view", "Opinion polls are open", "My own business", "My own boss", "Personal trainer",
    "Personal growth coach", "Personal stylist", "Personal account of my first birth",
    "A personal account of nursing twins", "I share tweets about birds", "Opinionated", "Strong opinions",
    "Strong opinions, loosely held", "Opinions welcome", "Your opinions matter", "Views on everything",
    "Full of opinions", "Thoughts and prayers", "Deep thoughts", "Retweets are not endorsements", "RT ≠ endorsement",
    "Likes are not endorsements", "Views: 2000", "More views than my own TV show", "I speak for the trees",
    "Speaker. Author.", "Speaking on behalf of LLL", "I speak for LLL", "Representing LLL in Ohio",
    "LLL representative", "Does not bite", "Reflects on life", "Official account", "The official LLL page",
    "Private practice IBCLC", "Private chef", "Privat versichert", "Meine Kinder, meine Welt", "Mein Garten",
    "Mi opinión cuenta", "La opinión de todos cuenta", "Opino de todo", "Compte les moutons",
    "Account manager, personal care", "Personal finance accountant", "My account was hacked",
    "Owner of Hearthside Clinic", "Contact me for my personal opinion on slings",
    "I want to know your personal views on weaning", "Ask me about my personal views",
    "We value our members' own opinions", "Own your opinions", "Post your own photos", "Posting my own recipes",
    "Content creator", "My own content studio", "Not represented by an agent",
    "This photo does not represent my weight", "The pump does not reflect light", "I do not speak French",
    "I don't speak for long", "Not speaking today", "Mijn eigen tuin", "Eigen zaak", "Prywatne lekcje", "Egna barn",
    "個人事業主", "个人摄影", "Personal a cargo", "Opiniones de libros", "Tweets sobre lactancia", "Propos de table",
    "Tweets about Ohio", "Mis propias recetas", "Minhas receitas", "Meus filhos", "Comentários de livros",
    "Posts sobre minha vida", "Tweets sur ma vie perso", "Tweets over mijn eigen tuin", "Not affiliated with any party", "I do not speak for the trees",
    "Comentarios sobre mi propia huerta", "Perfil personal de riesgo", "Privates Profil einer Firma gesucht",
    "Idee regalo personali", "Tasting notes and thoughts, personal chef", "All my own work, handmade",
)  # fmt: skip

DISCLAIMERS = (
    "Views are mine", "My views only", "All views expressed are my own", "Opinions expressed here are mine",
    "Opinions expressed on this account are solely those of the author", "Not speaking for La Leche League",
    "Not speaking on behalf of ALA", "I don't speak on behalf of anyone but me", "Does not represent LLL",
    "This account does not represent LLLI", "This is my personal account", "Personal account.",
    "Personal account | Leader", "Tweets are mine", "Tweets mine", "My tweets are my own", "Posts are personal",
    "Just my opinions", "Just my two cents, not LLL's position", "All opinions are mine alone",
    "Personal opinions only", "Opinions = own", "Own opinions", "Thoughts are my own", "thoughts my own",
    "These are my personal views", "my views ≠ my employer's", "Views here aren't those of my chapter",
    "views do not represent my employer", "Opinions do not reflect those of LLLI", "This blog reflects my own views",
    "I tweet in a personal capacity", "Tweeting in my own capacity", "Speaking for myself only",
    "I speak only for me", "Nothing here is official LLL policy", "Not an official LLL account", "Unofficial account",
    "This page is not affiliated with or endorsed by LLLI", "What I write here is my own view, not LLL's",
    "All content is my own", "Any opinions are my own", "My words, not theirs", "Views entirely mine",
    "all views mine.", "Veiws my own", "Views my onw", "opinons are my own", "views expresed here are my own",
    "VIEWS MY OWN", "Views all my own 🌸", "Ideas expressed are my own", "Private account, private opinions",
    "Here as a private person", "Writing here as a private individual",
    "Las opiniones expresadas aquí son exclusivamente mías", "Opiniones a título personal",
    "Mis tuits son personales", "Lo que publico es responsabilidad mía", "Hablo a título propio",
    "No hablo en nombre de LLL", "Cuenta personal", "Opiniones propias",
    "No representa la opinión de La Liga de la Leche", "Aquí opino yo, no mi asociación",
    "Mes tweets n'engagent que moi", "Compte personnel", "Opinions personnelles",
    "Les propos tenus ici n'engagent que leur auteur", "Je ne parle pas au nom de LLL",
    "Ces opinions sont les miennes", "Tweets perso", "Avis personnel uniquement", "Propos tenus à titre personnel",
    "Meine Meinung, nicht die der LLL", "Hier schreibe ich privat", "Privataccount", "Privater Account",
    "Ich spreche nur für mich", "Ich spreche hier nicht für die La Leche Liga", "Äußerungen sind privat",
    "Alle Ansichten sind meine eigenen", "Ansichten meine", "Ausschließlich meine persönliche Meinung",
    "Twittert privat", "Opiniões são minhas", "Opiniões próprias", "Conta pessoal", "Não falo em nome da LLL",
    "As opiniões aqui expressas são de minha inteira responsabilidade", "Tweets em nome próprio",
    "Le opinioni sono solo mie", "Opinioni mie", "Account personale", "Parlo a titolo personale",
    "Non parlo a nome di LLL", "Tweets op persoonlijke titel", "Mijn mening is van mij alleen",
    "Alle meningen zijn mijn eigen", "Meningen zijn van mezelf", "Persoonlijk account", "Ik spreek voor mezelf",
    "Poglądy są moje własne", "Opinie własne", "Wyrażam tylko własne opinie", "Konto prywatne",
    "Åsikter är mina egna", "Alla åsikter är mina egna", "Twittrar privat", "Egna åsikter", "Meninger er mine egne",
    "Egne meninger", "Tweeter som privatperson", "Holdninger er mine egne", "Mielipiteet omiani",
    "Mielipiteet ovat omia", "Názory jsou mé vlastní", "Vyjadřuji jen vlastní názory", "Görüşlerim kişiseldir",
    "Opinii personale", "A véleményem a sajátom", "発言は個人の見解です", "ツイートは個人の意見です", "個人の見解であり、所属団体とは関係ありません", "言论仅代表个人观点",
    "仅代表个人观点", "僅代表個人立場", "개인적인 의견입니다", "Мнение личное", "Мнение автора не совпадает с мнением организации",
    "Личное мнение", "Думки власні", "Les opinions són personals", "Opinions a títol personal",
    "#viewsmyown", "#ViewsMyOwn", "#allopinionsmyown", "views r my own", "Posts reflect my own opinion",
    "My posts, my opinions", "Meine Meinung", "Privates Profil", "Perfil personal", "Perfil pessoal",
    "This page is not run by LLL", "Not affiliated with LLL",
    "Οι απόψεις είναι προσωπικές", "الآراء شخصية", "הדעות שלי בלבד",
)  # fmt: skip

NO_MEMBERS = (
    "Not an ALA member", "Never been an ALA member", "I'm not a member of ALA", "Former ALA member", "Ex-ALA member",
    "No longer a member of ALA", "Join ALA today and become a member", "Why become an ALA member?", "ALA is great",
    "ALA's staff was friendly", "Members of ALA voted today", "ALA members get a discount",
    "Congrats to ALA's new president", "The ALA president spoke", "ALA leaders met", "Welcome new ALA members",
    "Thanks to the ALA staff", "Member of the bar", "Gym member", "Member of parliament", "No soy miembro de ALA",
    "Je ne suis pas membre d'ALA", "Kein ALA-Mitglied", "Kein Mitglied der ALA", "Ich bin kein Mitglied",
    "Não sou membro da ALA", "Hazte miembro de ALA", "Devenez membre de l'ALA", "Werde Mitglied der ALA",
    "Torne-se membro da ALA", "Ancienne membre de l'ALA", "Ehemaliges Mitglied der ALA",
)  # fmt: skip

MEMBERS = (
    "ALA member", "Proud ALA member", "Member, ALA", "Member of ALA Lakeside", "Active in ALA since 2004 as a member",
    "I am a member of the Association of Legal Administrators", "I belong to ALA",
    "I've been with ALA for ten years as a member", "ALA Lakeside President", "Past President, ALA Lakeside; member",
    "ALA Chapter Board", "Treasurer @ ALA Lakeside", "ALA volunteer", "#ALAmember", "ALA mbr", "ALA Life Member",
    "Miembro de ALA", "Socia de ALA", "Soy miembro de la ALA", "Pertenezco a ALA", "Afiliada a la ALA",
    "Membre de l'ALA", "Membre ALA", "Je suis membre d'ALA", "Adhérente ALA", "ALA-Mitglied", "Mitglied der ALA",
    "Ich bin Mitglied in der ALA", "Mitglied bei ALA", "Membro da ALA", "Sou membro da ALA", "Associada da ALA",
    "Membro di ALA", "Socia ALA", "Lid van ALA", "ALA-lid", "As an ALA member I can say", "As a member I recommend",
    "fellow ALA members", "our ALA chapter elected me treasurer", "My ALA chapter rocks", "Członek ALA",
    "Medlem av ALA",
)  # fmt: skip

#: What a post says of members in general, which in a profile would be the author's own role.
OF_OTHERS = (
    "ALA member Priya Raghunathan spoke", "The new ALA president", "A treasurer of ALA called", "ALA board meeting tonight",
    "Le président d'ALA", "La presidenta de ALA habló",
)  # fmt: skip


@pytest.mark.parametrize("text", NO_DISCLAIMERS)
def test_what_is_no_disclaimer_is_not_taken_for_one(text: str) -> None:
    """LLL-35: a fine view, a strong opinion, a liability clause and a word on retweets do not say whose views they are."""
    assert find_disclaimer(prepare(text)) is None


@pytest.mark.parametrize("text", DISCLAIMERS)
def test_disclaimers_are_known_in_many_wordings_and_languages(text: str) -> None:
    """LLL-35: who has a disclaimer in any usual wording is not asked for one; slips of the pen are forgiven."""
    assert find_disclaimer(prepare(text)) is not None


@pytest.mark.parametrize("text", NO_MEMBERS)
def test_no_membership_is_read_into_denials_invitations_and_others(text: str) -> None:
    """ALA-20: who denies, has left, invites or speaks of others does not say that they are a member."""
    assert not says_member(prepare(text), NAMES)


@pytest.mark.parametrize("text", MEMBERS)
def test_membership_is_read_from_many_wordings_and_languages(text: str) -> None:
    """ALA-18: membership or an office in the association is a disclosure."""
    assert says_member(prepare(text), NAMES)


@pytest.mark.parametrize("text", OF_OTHERS)
def test_a_post_about_somebody_with_a_role_says_nothing_of_its_author(text: str) -> None:
    """ALA-20: beside the name a role tells of the author in a profile, in a post it may be anybody's."""
    assert not says_member(prepare(text), NAMES, of_profile=False)
