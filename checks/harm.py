"""Who can be hurt and what is done to people: the words the grammar of threats is made of.

Every pattern here is tried at one place or in a window of bounded length, since a post can be one sentence of 60,000
characters.
"""

from __future__ import annotations

import re

from checks.cues import MENTION

#: Nouns for people, by role, kind or contempt.
PEOPLE = (
    r"(?:people|persons?|females?|males?|chicks?|broads?|hubby|exes|man|men|woman|women|guys?|girls?|boys?|kids?"
    r"|child(?:ren)?|bab(?:y|ies)|lad(?:y|ies)|dudes?"
    r"|folks?|f[ae]mil(?:y|ies)"
    r"|wi(?:fe|ves)|husbands?|mothers?|fathers?|moms?|dads?|sons?|daughters?|sisters?|brothers?|neighbou?rs?|friends?"
    r"|boss(?:es)?|managers?"
    r"|teachers?|nurses?|doctors?|lawyers?|judges?|officers?|cops?|police|soldiers?|politicians?|senators?"
    r"|presidents?|mayors?|ministers?"
    r"|governors?|chairs?|chair(?:wo)?man|directors?|secretar(?:y|ies)|treasurers?|moderators?|admins?"
    r"|administrators?|organi[sz]ers?|leaders?"
    r"|members?|volunteers?|staff|employees?|workers?|journalists?|reporters?|referees?|landlords?|clerks?|drivers?"
    r"|priests?|pastors?|rabbis?"
    r"|imams?|coach(?:es)?|ceos?|owners?|voters?|liberals?|conservatives?|democrats?|republicans?|lefties|leftists?"
    r"|commies|communists?|socialists?|nazis?"
    r"|fascists?|feminists?|immigrants?|migrants?|refugees?|muslims?|jews?|christians?|gays?|traitors?|criminals?"
    r"|terrorists?|rapists?|murderers?"
    r"|pedo(?:phile)?s?|paedo(?:phile)?s?|thie(?:f|ves)|thugs?|invaders?|bitch(?:es)?|cunts?|whores?|sluts?|hoes?"
    r"|skanks?|hags?|witch(?:es)?|cows?|pigs?"
    r"|animals?|monsters?|rats?|dogs?|vermin|scum(?:bags?)?|bastards?|assholes?|fuckers?|motherfuckers?|morons?"
    r"|idiots?|clowns?|liars?|losers?|creeps?"
    r"|punks?|sobs?|sons? of (?:a )?bitch(?:es)?|jerks?|comment[eo]rs?|predators?|molesters?|abusers?|dictators?"
    r"|tyrants?|slobs?|snitch(?:es)?|fools?|freaks?|perverts?|degenerates?|savages?|parasites?|cockroaches"
    r"|piece of (?:shit|trash|garbage|filth)|faggots?|fags?"
    r"|nigg(?:ers?|as?|az)|retards?|trannies|tranny|twats?|pricks?|dickheads?|cretins?|imbeciles?|fucks?|shits?|enem(?:y|ies)"
    r"|accountants?|auditors?|bakers?|barbers?|builders?|butchers?|cashiers?|chefs?|cleaners?|consultants?"
    r"|councill?ors?|counsel(?:l?ors?)?|dentists?|deputy|deputies|developers?|editors?|engineers?|farmers?"
    r"|firefighters?|guards?|hosts?|inspectors?|instructors?|janitors?|mechanics?|midwi(?:fe|ves)|musicians?"
    r"|neighbors?|operators?|paralegals?|paramedics?|partners?|patients?|pharmacists?|pilots?|players?|plumbers?"
    r"|principals?|professors?|protesters?|psychologists?|receptionists?|recruiters?|rivals?|sales(?:man|men|woman"
    r"|people|person)|scientists?|sellers?|servers?|singers?|speakers?|sponsors?|strangers?|students?|supervisors?"
    r"|surgeons?|tenants?|therapists?|trainers?|vendors?|vets?|visitors?|waiters?|waitress(?:es)?|witness(?:es)?"
    r"|writers?|elites?|bankers?|billionaires?|refs?|umps?|umpires?|mums?|grand(?:ma|pa|mother|father)s?|aunts?|uncles?|nephews?|nieces?"
    r"|cousins?|actors?|actress(?:es)?|celebrit(?:y|ies)|teens?|teenagers?|bikers?|cyclists?|influencers?|bullies|bully|fans)"
)
#: Any other trade or kind of people, by how such words are built; only after "that", "those", "all".
TRADE = (
    r"(?!computers?|printers?|copiers?|posters?|papers?|flyers?|letters?|numbers?|covers?|orders?|offers?|flowers?"
    r"|boosters?"
    r"|folders?|layers?|timers?|filters?|chargers?|stickers?|trailers?|dinners?|monitors?|colou?rs?|errors?|mirrors?"
    r"|doors?|floors?"
    r"|papers?|banners?|corners?|rumou?rs?|fibers?|servers?|adapters?|routers?|scanners?|lasers?|tumou?rs?|cancers?"
    r"|spiders?|servers?"
    r"|lobsters?|peppers?|burgers?|weather|lists?|twists?|mist|fists?|wrists?|plants?|elephants?|ants?|restaurants?"
    r"|odou?rs?|after|over"
    r"|under|never|ever|other|others|another|together|rather|water|matters?|chapters?|quarters?|reminders?"
    r"|newsletters?|sweaters?"
    r"|lawnmowers?|tigers?|razors?|sensors?|motors?|tractors?|elevators?|escalators?|calculators?|refrigerators?"
    r"|alarms?|power|shower|fevers?|clutter|litter|towers?|winters?|summers?|disasters?|terror|horror|labou?r|honou?r|toasters?"
    r"|heaters?|freezers?|blenders?|hangovers?|blisters?|ulcers?|shoulders?|feathers?|prayers?|batter|laughter|slaughter)"
    r"[a-z]{3,}(?:ers?|ors?|ists?|icians?|eons?|women|woman|men|man|mates?|folk|kids|people)"
)
_KIND = (
    r"(?:(?:all|each|every(?: single)?|any|some|the|this|that|these|those|such|another|one of (?:the|these|those)|my"
    r"|your|his|her|their|our|an?|more"
    r"|single|both|other)\s+){0,3}(?:[\w'-]+\s+){0,2}?"
)
#: Many people as one.
BODIES = (
    r"(?:government|congress|senate|parliament|council|committee|board|team|squad|party|department|jury|cabinet|administration|crowd|crew|class|band"
    r"|family|office)"
)
#: Whom something is done to: "you", "her", "that lying manager", "all cops", "@x".
VICTIM = (
    r"(?P<who>(?:whoever|anyone who|anybody who|everyone who|everybody who)|(?:all of |each of |every one of "
    r"|every last one of |both of |the lot of )?(?:you|u|ya|y'all|yall|him"
    r"|her|them|'em|em|thee)(?: all| both| lot)?"
    rf"|{MENTION}|{_KIND}{PEOPLE}|(?:that|those|these|all|every|all the|all these"
    rf"|the whole lot of)\s+(?:[\w'-]+\s+){{0,2}}?(?:{TRADE}|you|them)"
    rf"|(?:the|this|that|your|his|her|their) (?:whole|entire) (?:[\w'-]+ )?{BODIES})(?![\w'])"
    r"(?!\s+(?:of the (?:day|week|month)"
    rf"|food|cup|book|club|run)\b)"
)
#: What follows "her", "your": a part of the body or what is dearest.
BODY = (
    r"(?:head|heads|skull|throat|throats|neck|necks|jaw|teeth|nose|face|faces|legs?|arms?|knees?|kneecaps?|bones?"
    r"|brains?|eyes?|eyeballs|ass|asses|butt|balls"
    r"|guts?|heart|tongue|hands?|fingers?|feet|back|ribs|spine|fucking \w+|cunt|pussy|pussies|dick|cock|nuts|lights"
    r"|windpipes?|liver|lungs?|kidneys?|scalp|cheeks?|chin|forehead|mouths?|lips?|ears?|tits|shins?|wrists?|ankles?"
    r"|elbows?|shoulders?"
    r"|chest|stomach|belly|fingernails|toes?|testicles|groin|collarbone|limbs?|body|bodies|flesh|insides|intestines"
    r"|entrails|larynx"
    r"|jugular|temples?|eye sockets?|carcass|mug|noggin|melon|vertebrae"
    r"|windows?|property|place|bedroom|garage|shit|family|kids|children|wife|husband|mother|dog"
    r"|house|home|office|car|tires|tyres|business|shop|church|mosque|synagogue|temple)"
)
POSSESSED = re.compile(
    rf"(?:\s+(?:off|out|in|down|up|open|the|both|all|of|every|apart))*\s+(?:your|ur|his|her|their|{MENTION}'s|(?:that"
    rf"|this|the) [\w-]+'s)\s+(?:\w+\s+){{0,2}}?{BODY}(?![\w'])"
)
OBJECT = re.compile(
    r"(?:\s+(?:up|down|off|back|away|fucking|out))*(?P<out>\s+the (?:\w+ )?(?:hell|fuck|shit|crap|life|piss|stupid"
    r"|snot|daylights) out of(?: \w+,)?)?"
    rf"\s+{VICTIM}"
)
#: Things done to people that are no single verb.
DEED = re.compile(
    rf"(?<![\w'])(?P<deed>(?:throw|toss|push|shove|drag|feed|put|dump|chuck|hurl|drop|march|line|kick|send"
    rf"|stand)\s+{VICTIM}\s+(?:up\s+|all\s+|right\s+|straight\s+)*"
    r"(?:under (?:a|the) (?:bus|truck|train|ground)|in front of a (?:bus|truck|train|firing squad)|off (?:a|the"
    r"|some) (?:cliff|roof|bridge|building|boat|plane|balcony)"
    r"|(?:down|out|out of) (?:a|the|that|your|his|her) (?:\w+ )?(?:stairs|window|helicopter|well|plane|train|car)"
    r"|in(?:to)? (?:a|an|the) (?:volcano|river|lake"
    r"|ocean|sea|fire|oven|furnace|wood ?chipper|grave|ditch"
    r"|coffin|ground|box|woods|swamp|gas chambers?|incinerator|body bag|hospital|wheelchair|morgue|trunk)|to (?:the"
    r"|some) (?:lions|dogs|wolves|sharks|pigs|bears|alligators"
    r"|crocodiles|gallows|gas chambers?|guillotine|wolves)|against (?:a|the) wall|on the wall|six feet under|(?:6"
    r"|six) feet (?:under|down)|in the ground|and shoot)"
    rf"|(?:set|light)\s+(?:{VICTIM}|(?:his|her|their|your) \w+|(?:the|that|this|their|your) \w+)\s+(?:on fire|ablaze"
    rf"|alight)"
    r"|(?:put|place|stick|fire|plant|pump|send)\s+(?:a|an|some|two|another|the|my)\s+(?:\w+\s+)?(?:bullets?|rounds?"
    r"|slugs?|knife|blade|noose|rope|gun|pistol|axe)\s+(?:\w+\s+){0,2}?(?:in|into|through|between"
    rf"|around|round|to|at|on)\s+(?:your|his|her|their|the|{VICTIM})(?:\s+\w+)?"
    r"|(?:cut|chop|slice|rip|tear|bite|saw|blow|hack|lop)\s+(?:off\s+)?(?:your|his|her|their"
    r"|that \w+'s)\s+(?:\w+\s+)?(?:heads?|throats?|hands?|fingers?|balls|tongues?|ears?|eyes?|dicks?|tits|legs?|arms?"
    r"|guts|face"
    r"|brains|lips?|pussies)(?:\s+(?:off|out|open))?"
    r"|(?:shove|ram|stick|jam)\s+(?:\w+\s+){1,6}?(?:down|up|in)\s+(?:your|his|her"
    r"|their)\s+(?:\w+\s+){0,2}?(?:throats?|ass(?:es)?|arse|neck|cunt|face|mouths?|eyes?)"
    rf"|take\s+(?:a|an|my|the)\s+(?:\w+\s+)?(?:bat|hammer|axe|knife|sledgehammer|2x4|machete|crowbar|belt|gun"
    rf"|shotgun)\s+to\s+(?:{VICTIM}|(?:his|her|your|their) \w+)"
    rf"|(?:tie|chain|string|strap)\s+{VICTIM}\s+(?:up|to (?:a|the) \w+|by (?:his|her|their|the) \w+)|(?:take"
    rf"|put)\s+{VICTIM}\s+out(?: of (?:his|her|their|its) misery| back)"
    rf"|beat\s+(?:the \w+|his|her|their|your|\w+) (?:shit |fuck |hell |crap |life |living daylights )?(?:out of|ass"
    rf"|in)(?:\s+{VICTIM.replace('?P<who>', '?:')})?"
    rf"|burn\s+(?:{VICTIM}|(?:down\s+)?(?:your|his|her|their|the|that|this)\s+(?:\w+\s+)?(?:house|home|office|place"
    rf"|building|shop|church|mosque|synagogue|car|school|headquarters))(?:\s+(?:alive|down|at the stake"
    rf"|to the ground))?"
    r")(?![\w'])".replace("?P<who>", "?:")
)
#: What is done to somebody, in the passive; open to the adverbs between.
DONE_TO = re.compile(
    r"(?:shot(?! down\b)|scalped|pistol[ -]whipped|keelhauled|quartered|shredded|pulveri[sz]ed|flayed|garrotted"
    r"|stabbed|strangled|raped|lynched|executed|hanged|hung|strung up|beheaded|decapitated|drowned"
    r"|poisoned|bombed|nuked|slaughtered|butchered|culled"
    r"|tortured|gassed|assassinated|exterminated|eradicated|annihilated|eliminated|beaten|beat up|whipped|flogged"
    r"|caned|burned|burnt|choked|gutted|killed|murdered|put down|put to death|put to sleep"
    r"|put against a wall|put in front of a firing squad|put out of (?:his|her|their) misery|stoned|crucified"
    r"|castrated|neutered|sterili[sz]ed|mutilated|dismembered|skinned|slapped|smacked|punched|spanked"
    r"|knocked (?:the fuck )?out|minced|waterboarded|(?:gotten|get|got) hit(?! (?:up|with))"
    r"|kicked (?:in the \w+|off a \w+|to death|hard)|run over|hunted down|gunned down|wiped out"
    r"|wiped off the face of the earth|taken out back|taken out and shot|lined up|guillotined|electrocuted"
    r"|thrown (?:off|under|out of|into|in|to|down|from) (?:a|an|the)(?: \w+)? ?(?:\w+)?|set on fire|buried alive"
    r"|fed to (?:the )?\w+|curb ?stomped|stomped|bludgeoned|clubbed|knifed|assaulted|gang ?raped|fucked up"
    r"|fucked to death"
    r"|hit by a \w+|hit with a \w+|hurt badly|dragged through the streets|dragged out|tarred and feathered"
    r"|swinging from a \w+|horsewhipped|aborted|cancer|aids|what's coming)(?![\w'])"
)
#: What somebody is wished to do or to have.
DIES = (
    r"(?:die|dies|died|hang|hangs|hanged|burn|burns|rot|rots|bleed|bleeds|suffer|suffers|choke|chokes|drown|drowns"
    r"|perish|croak|croaks|crash|crashes|overdose|overdoses|drop dead|drops dead"
    r"|kill (?:himself|herself|themselves|yourself)|kills (?:himself|herself)|hang (?:himself|herself|themselves"
    r"|yourself)|off (?:himself|herself|themselves)"
    r"|fall(?:s)? (?:off|down|into) (?:a|the) \w+|not wake up|doesn't wake up|never wake(?:s)? up|go(?:es)? to hell"
    r"|burns? in hell|rots? in hell)"
)
DESERVES = re.compile(
    r"(?:deserve[sd]?|needs?|wants?|gets?|earned|asking for|in need of|could use|could do with)\s+(?:nothing (?:less"
    r"|but)|no less than|only)?\s*(?:to have \w+ \w+ |the |a |an |some |his |her |their |good |hard |fucking |real "
    r"|proper |serious |violent |swift |slow |painful |long |public "
    r"|open |bloody |quick |nice |wee |firm |bloody |damn |goddamn )*(?:bullets?(?: \w+ \w+ \w+)?"
    r"|rope(?! line| course| swing)|noose|gallows"
    r"|lamp ?posts?|guillotine|death(?: penalty| sentence)?|deaths|electric chair|firing squad|acid attack|beating"
    r"|beat ?down|ass ?whooping"
    r"|ass ?kicking|arse ?kicking|thrashing|hiding|spanking|flogging|whipping|hanging|killing|shooting|stoning"
    r"|slap(?: \w+ \w+ \w+)?|punch(?: \w+ \w+ \w+)?|kick (?:in|up) the \w+|smack(?: \w+ \w+ \w+)?|fist|baseball bat"
    r"|knife|capital punishment|execution"
    r"|lynching|curb ?stomp(?:ing)?|lobotomy|castration|bullet|hollow ?point|throat (?:slit|cut)|neck (?:broken"
    r"|snapped)|teeth kicked in|legs broken|face smashed(?: in)?|head (?:smashed|bashed)(?: in)?)(?![\w'])"
)
