"""More invented articles, in the manner of British, Indian and translated Russian news.

Written for these tests; nobody in them exists and nothing in them was ever said, whatever agency is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

from tests.text.rewrites import Expected, Rewrite

UNSAID = cast("tuple[str, ...]", (None,))
"""The chain of *reportedly said*: one relay, and the text does not say who."""


@dataclass(frozen=True)
class Told(Expected):
    """A statement whose class does not follow from there being a relay or none."""

    known: str = ""

    @property
    def sourcing(self) -> str:
        return self.known or ("thirdhand" if len(self.via) > 1 else super().sourcing)


def unnamed(words: str, speaker: str, relay: str, form: str) -> Told:
    return Told(words, speaker, (relay,), form, known="secondhand_unnamed")


def unsaid(words: str, speaker: str, form: str) -> Told:
    return Told(words, speaker, UNSAID, form, hedged=True, known="not_stated")


STEEL = Rewrite(
    "Steel",
    date(2024, 11, 13),
    """\
Prime Minister Helen Marsh faced fresh questions on Tuesday over the closure of three steelworks in the north-east.

‘Nobody in this government has given up on steel,’ Mrs Marsh told MPs. She said a rescue fund of £400m would open before Christmas.

The prime minister’s spokesman said the Treasury had signed off the money last week.

Lib Dem leader Rupert Ansell said the plan was ‘last year’s promise in a new coat’.

According to two ministers who were in the room, Mrs Marsh told cabinet that she would ‘sooner resign’ than see the Redmoor plant shut.

Business secretary Oliver Tranter reportedly warned her: ‘You cannot spend the same pound twice, Helen.’

Asked about the exchange last night, the business secretary said: ‘I don’t talk about what happens in cabinet, and I am not going to start with you.’

Redmoor employs 2,300 people, down from 9,000 in the 1980s, and has lost money in each of the past six years.
""",
    (
        Expected("given up on steel", "Helen Marsh"),
        Expected("a rescue fund", "Helen Marsh", form="indirect"),
        Expected("signed off the money", "The prime minister’s spokesman", form="indirect"),
        Expected("last year’s promise", "Rupert Ansell", form="mixed"),
        unnamed("sooner resign", "Helen Marsh", "two ministers who were in the room", "mixed"),
        unsaid("the same pound twice", "Oliver Tranter", "direct"),
        Expected("what happens in cabinet", "Oliver Tranter"),
    ),
)

HOLYROOD = Rewrite(
    "Holyrood",
    date(2025, 2, 6),
    """\
Scotland's health secretary, Isla Drummond, has been accused of misleading Holyrood over ambulance waiting times.

'The figures I gave parliament were the figures I was given,' Ms Drummond said on Wednesday. The minister added that she had 'nothing to correct'.

Her Labour opponent, Callum Reith MSP, said that was 'an answer for a lawyer, not for a patient'.

Mr Reith said a paramedic had told him crews were waiting 'four hours, sometimes five' outside a hospital in Paisley.

First Minister Gordon Abernethy told Ms Drummond to 'put it right by Friday', according to a senior SNP source.

'He was livid, and he let everybody know it,' the source said.

A spokesman for the first minister did not dispute the account. 'Private conversations stay private,' he said.

BBC Scotland later quoted Mr Abernethy as saying that he had 'full confidence' in his health secretary.

The waiting times will be debated again next week, when two committees are due to publish their own findings.
""",
    (
        Expected("The figures I gave", "Isla Drummond"),
        Expected("nothing to correct", "Isla Drummond", form="mixed"),
        Expected("an answer for a lawyer", "Callum Reith", form="mixed"),
        Expected("four hours, sometimes five", "a paramedic", ("Callum Reith",), "mixed"),
        unnamed("put it right by Friday", "Gordon Abernethy", "a senior SNP source", "mixed"),
        Expected("He was livid", "the source"),
        Expected("Private conversations", "A spokesman for the first minister"),
        Expected("full confidence", "Gordon Abernethy", ("BBC Scotland",), "mixed"),
    ),
)

LIFEBOAT = Rewrite(
    "A lifeboat",
    date(2023, 9, 21),
    """\
A fisherman’s family has called for a public inquiry after an inquest heard that a lifeboat was launched 40 minutes late.

Daniel Pascoe, 34, drowned off Trevennick Point last November.

Giving evidence in Truro, coxswain Martin Hale said his crew had been ‘ready in nine minutes’.

Mr Hale told the hearing that the duty officer, Sandra Vickers, had radioed: ‘Stand down, he’s already ashore.’

Mrs Vickers, who has since retired, said she had no memory of the message.

‘I would never have sent them home without checking,’ she said.

The widow, Kerensa Pascoe, said afterwards: ‘We waited on that quay for three hours, and the sea was like glass.’ She added that nobody from the coastguard ‘had the decency to ring’.

A coastguard spokeswoman said the rota had since been changed.

A second officer told investigators that the call log had been ‘tidied up’, according to the Western Courier. The log has reportedly been handed to the police.

The coroner will sum up on Monday.
""",
    (
        Expected("ready in nine minutes", "Martin Hale", form="mixed"),
        Expected("Stand down", "Sandra Vickers", ("Martin Hale",)),
        Expected("no memory of the message", "Sandra Vickers", form="indirect"),
        Expected("sent them home", "Sandra Vickers"),
        Expected("We waited on that quay", "Kerensa Pascoe"),
        Expected("had the decency to ring", "Kerensa Pascoe", form="mixed"),
        Expected("the rota", "A coastguard spokeswoman", form="indirect"),
        Expected("tidied up", "A second officer", ("Western Courier",), "mixed"),
    ),
)

TUNNEL = Rewrite(
    "A tunnel",
    date(2025, 6, 19),
    """\
MPs have demanded to see the contract behind the late opening of the Severnside tunnel, which is now four years overdue.

Transport minister Fiona Leckie told the Commons that the builders had been paid ‘for a hole and nothing else’.

Sir Desmond Kaye, who chairs the transport committee, said he had been misled twice.

‘When I asked for the contract,’ said Sir Desmond, ‘I was told that the dog had eaten it.’

Piers Holloway, the contractor’s chief executive, boasted at a private dinner that ministers would ‘pay up in the end’, two guests told The Times.

Mr Holloway also said the tunnel would open ‘when hell freezes over’, according to a former colleague, the Guardian reported.

A spokesman for Mr Holloway said both reports were ‘tittle-tattle’.

He reportedly apologised to staff, telling them the next year would be ‘bumpy’.

Asked by the Lib Dem MP Harriet Oyelaran whether the opening date still stood, Miss Leckie replied: ‘It stands, and so do I.’
""",
    (
        Expected("for a hole and nothing else", "Fiona Leckie", form="mixed"),
        Expected("he had been misled", "Desmond Kaye", form="indirect"),
        Expected("the dog had eaten it", "Desmond Kaye"),
        unnamed("pay up in the end", "Piers Holloway", "two guests", "mixed"),
        Told("when hell freezes over", "Piers Holloway", ("a former colleague", "The Guardian"), "mixed"),
        Expected("tittle-tattle", "A spokesman for Mr Holloway", form="mixed"),
        Expected("It stands, and so do I", "Fiona Leckie"),
    ),
)

FLOOD = Rewrite(
    "A flood",
    date(2024, 7, 12),
    """\
SILCHAR: Union Home Minister Raghav Deshpande on Thursday announced a relief package of Rs 850 crore for the flood-hit districts of Assam, saying that “no family will be left behind”.

“The Centre stands with the people of Assam,” Deshpande said while addressing a rally here. He said over 4.5 lakh people had been moved to safety.

State Revenue Minister Bipul Gohain, however, alleged that the funds were yet to reach the districts.

“Not one rupee has come so far, and the water has not waited,” he was quoted as saying by PTI.

Sources in the know said the Home Minister had told officials of the state to “stop counting and start feeding”.

Chief Minister Mamoni Phukan is learnt to have replied that she would “go to the people herself”.

The Brahmaputra was flowing above the danger mark at six places, the Central Water Commission said. At least 38 persons have lost their lives since June, and standing crops on 1.2 lakh hectares have been destroyed.
""",
    (
        Expected("no family will be left", "Raghav Deshpande"),
        Expected("The Centre stands", "Raghav Deshpande"),
        Expected("4.5 lakh people", "Raghav Deshpande", form="indirect"),
        Expected("yet to reach the districts", "Bipul Gohain", form="indirect"),
        Expected("Not one rupee", "Bipul Gohain", ("Press Trust of India",)),
        unnamed("stop counting", "Raghav Deshpande", "Sources in the know", "mixed"),
        unsaid("go to the people herself", "Mamoni Phukan", "mixed"),
        Expected("above the danger mark", "Central Water Commission", form="indirect"),
    ),
)

FRAUD = Rewrite(
    "A fraud",
    date(2025, 3, 3),
    """\
MUMBAI: Three persons were arrested on Sunday for allegedly cheating a retired banker of Rs 2.3 crore, the Mumbai Police said.

Deputy Commissioner of Police Smita Kadam said the accused had posed as officials of a central agency.

“They kept him on a video call for nine days, and the poor man did not even open his curtains,” Kadam told reporters.

The complainant’s son, Nikhil Sardesai, told ANI that his father “still checks the door twice”.

One of the accused, Farhan Qazi, told investigators that he was paid Rs 40,000 a month, the officer said.

“I only made the calls, I never saw the money,” Qazi told the court, according to his lawyer, Leena Pinto. She added that her client would apply for bail on Monday.

A bank manager had warned the victim that something was “fishy”, ANI reported.

Qazi reportedly told a cellmate that the real boss was sitting in Dubai. The police have frozen 17 accounts holding about Rs 60 lakh.
""",
    (
        Expected("Three persons were arrested", "Mumbai Police", form="indirect"),
        Expected("posed as officials", "Smita Kadam", form="indirect"),
        Expected("video call for nine days", "Smita Kadam"),
        Expected("checks the door twice", "Nikhil Sardesai", form="mixed"),
        Expected("Rs 40,000 a month", "Farhan Qazi", ("Smita Kadam",), "indirect"),
        Expected("I only made the calls", "Farhan Qazi", ("Leena Pinto",)),
        Expected("apply for bail", "Leena Pinto", form="indirect"),
        Expected("fishy", "A bank manager", ("Asian News International",), "mixed"),
        unsaid("the real boss", "Farhan Qazi", "indirect"),
    ),
)

COALITION = Rewrite(
    "A coalition",
    date(2023, 10, 28),
    """\
BENGALURU: Senior party leader Chandrashekar Gowda on Friday ruled out joining the coalition government, a day after he was seen at the residence of the Chief Minister.

“There is no question of it, and I have told the high command so,” Mr. Gowda said. The five-time MLA said he would tour all 31 districts from next week.

However, general secretary Yamini Rao said that he was “only buying time”.

Mr. Gowda told a closed-door meeting that the alliance would collapse by Diwali, party sources said.

“Give me Revenue or give me nothing,” he told the Chief Minister, according to a Minister who was present, The Hindu reported.

Chief Minister Prakash Hiremath said the report was “cooked up in somebody’s kitchen”.

Ms. Rao, on her part, reportedly told the party president that Mr. Gowda must be expelled “without further drama”.

The ruling alliance has 118 members in the 224-member House, and a rebellion of even six of them could bring it down before the Budget.
""",
    (
        Expected("There is no question of it", "Chandrashekar Gowda"),
        Expected("all 31 districts", "Chandrashekar Gowda", form="indirect"),
        Expected("only buying time", "Yamini Rao", form="mixed"),
        unnamed("collapse by Diwali", "Chandrashekar Gowda", "party sources", "indirect"),
        Told("Give me Revenue", "Chandrashekar Gowda", ("a Minister who was present", "The Hindu")),
        Expected("cooked up", "Prakash Hiremath", form="mixed"),
        unsaid("without further drama", "Yamini Rao", "mixed"),
    ),
)

CORRIDOR = Rewrite(
    "A corridor",
    date(2024, 6, 18),
    """\
The talks on the grain corridor may resume in July, Deputy Foreign Minister Arkady Lomtev told TASS on Monday.

«We have never closed the door, and we do not intend to knock on it either», the diplomat noted. According to him, the Turkish side has already received the proposals.

Lomtev stressed that Moscow «will not accept ultimatums».

As a source in diplomatic circles told the agency, the Turkish envoy, Kemal Ardic, said at the meeting that he needed «two more weeks».

The agency’s interlocutor added that no one had raised his voice.

Earlier, Interfax quoted Ardic as saying that the draft was «ninety percent ready».

In Ankara, foreign ministry spokeswoman Leyla Tunc reportedly told colleagues that the corridor was «dead in all but name».

The previous agreement, under which more than 32 million tons of grain were exported through the Black Sea, expired in July of last year. Since then the parties have met three times, most recently in Istanbul.
""",
    (
        Expected("The talks on the grain corridor", "Arkady Lomtev", form="indirect"),
        Expected("never closed the door", "Arkady Lomtev"),
        Expected("has already received", "Arkady Lomtev", form="indirect"),
        Expected("will not accept ultimatums", "Arkady Lomtev", form="mixed"),
        unnamed("two more weeks", "Kemal Ardic", "a source in diplomatic circles", "mixed"),
        Expected("raised his voice", "The agency’s interlocutor", form="indirect"),
        Expected("ninety percent ready", "Kemal Ardic", ("Interfax",), "mixed"),
        unsaid("dead in all but name", "Leyla Tunc", "mixed"),
    ),
)

REGION = Rewrite(
    "A region",
    date(2025, 4, 15),
    """\
Two people were injured in a drone attack on the Krasnoyar district overnight, according to the head of the region, Stepan Vilkov.

„Windows were broken in eleven houses. Help will be given to everyone“, the governor wrote in his Telegram channel. Vilkov clarified that the injured had refused hospitalization.

The regional headquarters reported that the fire had been extinguished by six in the morning.

Local resident Galina Orlova told RIA Novosti that her neighbour had shouted: „Run, it is coming back“.

The mayor of the town, Anton Belykh, said that the sirens had not worked, Kommersant reports.

„This is untrue, and he knows it“, the governor objected. The politician stressed that the sirens are „checked every Wednesday“.

Belykh reportedly told deputies that he would resign „if one more siren fails“.

Schools in the district have been switched to distance learning until the end of the week, and traffic on the bridge has been limited to one lane.
""",
    (
        Expected("Two people were injured", "Stepan Vilkov", form="indirect"),
        Expected("Windows were broken", "Stepan Vilkov"),
        Expected("refused hospitalization", "Stepan Vilkov", form="indirect"),
        Expected("the fire had been", "The regional headquarters", form="indirect"),
        Expected("Run, it is coming back", "her neighbour", ("Galina Orlova",)),
        Expected("the sirens had not worked", "Anton Belykh", ("Kommersant",), "indirect"),
        Expected("This is untrue", "Stepan Vilkov"),
        Expected("checked every Wednesday", "Stepan Vilkov", form="mixed"),
        unsaid("if one more siren", "Anton Belykh", "mixed"),
    ),
)

DUMA = Rewrite(
    "A draft law",
    date(2024, 9, 25),
    """\
— We did not leave the negotiations, the negotiations left us, — said State Duma deputy Valery Chudov in an interview with Interfax.

The parliamentarian said that the draft law on river ports would be considered in the autumn session.

— There will be no second reading before October, — he added.

In turn, Senator Marina Zueva told RIA Novosti that her colleague was „in too much of a hurry to be heard“.

According to Kommersant, citing a source in the government, Minister of Economy Denis Raskatov said at a closed meeting that the money „simply does not exist“.

The minister’s press secretary, Olga Shubina, said that no such meeting had taken place. According to her, Raskatov was on vacation that day.

Chudov later said that he „would not comment on rumours“, TASS reports.

Zueva reportedly complained to the speaker of the chamber that nobody had shown her the text.

The draft law was submitted in May by a group of eleven deputies and passed the first reading with 309 votes.
""",
    (
        Expected("the negotiations left us", "Valery Chudov"),
        Expected("considered in the autumn", "Valery Chudov", form="indirect"),
        Expected("no second reading", "Valery Chudov"),
        Expected("too much of a hurry", "Marina Zueva", form="mixed"),
        Told("simply does not exist", "Denis Raskatov", ("a source in the government", "Kommersant"), "mixed"),
        Expected("no such meeting", "Olga Shubina", form="indirect"),
        Expected("Raskatov was on vacation", "Olga Shubina", form="indirect"),
        Expected("would not comment", "Valery Chudov", ("TASS",), "mixed"),
        unsaid("nobody had shown her", "Marina Zueva", "indirect"),
    ),
)

MORE_REWRITES: tuple[Rewrite, ...] = (
    STEEL,
    HOLYROOD,
    LIFEBOAT,
    TUNNEL,
    FLOOD,
    FRAUD,
    COALITION,
    CORRIDOR,
    REGION,
    DUMA,
)
