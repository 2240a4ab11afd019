"""The founding article told again with other people, countries and intermediaries, in another order.

Written for these tests; nothing in them was ever said. Each expectation is a fragment of a content and
what must be read off it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Expected:
    words: str
    speaker: str
    via: tuple[str, ...] = ()
    form: str = "direct"
    inferred: bool = False
    hedged: bool = False

    @property
    def sourcing(self) -> str:
        return "secondhand" if self.via else "firsthand"


@dataclass(frozen=True)
class Rewrite:
    name: str
    published: date
    text: str
    expected: tuple[Expected, ...]


BRITAIN_INDIA = Rewrite(
    "Britain and India",
    date(2021, 2, 10),
    """\
Boris Johnson held a telephone call with Narendra Modi on Monday about vaccines and trade.

Britain vaccinated 400,000 people in a single day, its health ministry said on Tuesday. Downing Street said the prime minister toured a clinic in Leeds before the call.

The British prime minister promised to send doses "without delay", according to Indian foreign ministry spokesman Anurag Srivastava.

Srivastava described the conversation between the two leaders to reporters in New Delhi, but gave no date for a visit.

He reportedly said: "Narendra, you can count on us, and we will not keep you waiting."

The Conservative also said India would be first in the queue once supplies were "back to normal", according to Srivastava.

The foreign ministry spokesman added that neither leader "looked at the clock" during the "unusually warm" call.

He said: "I can tell you that calls like this one are rare, and nobody wanted to be the first to say goodbye."
""",
    (
        Expected("400,000 people", "United Kingdom’s health ministry", form="indirect"),
        Expected("toured a clinic", "Downing Street", form="indirect"),
        Expected("without delay", "Boris Johnson", ("Anurag Srivastava",), "mixed"),
        Expected("Narendra, you can count", "Boris Johnson", ("Anurag Srivastava",), inferred=True, hedged=True),
        Expected("back to normal", "Boris Johnson", ("Anurag Srivastava",), "mixed"),
        Expected("looked at the clock", "Anurag Srivastava", form="mixed"),
        Expected("calls like this one", "Anurag Srivastava"),
    ),
)

UKRAINE_BRAZIL = Rewrite(
    "Ukraine and Brazil",
    date(2023, 5, 24),
    """\
Ukraine's president, Volodymyr Zelensky, spoke to Luiz Inacio Lula da Silva late on Sunday, a week after their meeting in Hiroshima fell through.

Brazilian presidential adviser Celso Amorim briefed reporters on the conversation, during which the two presidents discussed a peace plan and grain.

"Luiz, come to Kyiv and see it with your own eyes," the Ukrainian president reportedly said.

The Ukrainian leader vowed to answer any proposal "within the hour", according to Amorim.

"It was a frank talk, and a long one," Amorim said. "Both of them wanted more of it."

The presidential adviser added that there had been "no shouting" and "a good deal of laughter".

A Russian drone hit a grain store near Odesa overnight, Ukraine's air force said on Monday. The Kremlin said the strike had been aimed at a fuel depot.
""",
    (
        Expected("Luiz, come to Kyiv", "Volodymyr Zelensky", ("Celso Amorim",), inferred=True, hedged=True),
        Expected("within the hour", "Volodymyr Zelensky", ("Celso Amorim",), "mixed"),
        Expected("It was a frank talk", "Celso Amorim"),
        Expected("no shouting", "Celso Amorim", form="mixed"),
        Expected("grain store near Odesa", "Ukraine’s air force", form="indirect"),
        Expected("fuel depot", "Kremlin", form="indirect"),
    ),
)

GERMANY_TURKEY = Rewrite(
    "Germany and Turkey",
    date(2019, 10, 16),
    """\
Angela Merkel was pressed again on Tuesday to stop arms sales to Turkey.

The German chancellor told the Turkish president to end the offensive "at once", according to Turkish presidential spokesman Ibrahim Kalin.

Kalin read out notes of the telephone call between the two leaders to journalists in Ankara, which showed that they spoke about Syria and about refugees.

She reportedly said: “Recep, you know that I cannot defend this at home, and I will not try.”

The Christian Democrat also said Germany would pay more once the camps were “open to inspectors”, according to Kalin.

The presidential spokesman added that Recep Tayyip Erdogan had “listened to the end”.

He said: “I have sat through many such calls, and this one was among the hardest.”

Turkey lost two soldiers near the border, its defence ministry said on Wednesday.
""",
    (
        Expected("at once", "Angela Merkel", ("Ibrahim Kalin",), "mixed"),
        Expected("Recep, you know", "Angela Merkel", ("Ibrahim Kalin",), inferred=True, hedged=True),
        Expected("open to inspectors", "Angela Merkel", ("Ibrahim Kalin",), "mixed"),
        Expected("listened to the end", "Ibrahim Kalin", form="mixed"),
        Expected("sat through many such calls", "Ibrahim Kalin"),
        Expected("lost two soldiers", "Turkey’s defence ministry", form="indirect"),
    ),
)

TOWN_HALL = Rewrite(
    "A town hall",
    date(2024, 3, 7),
    """\
The bus strike in Harwick entered its third week on Thursday. The city council said four routes would stay closed until Monday.

Harwick's mayor, Margaret Dunne, met union leader Thomas Briggs on Wednesday night.

Council aide Priya Nair gave reporters an account of the meeting, which showed how far apart the two sides remain.

The mayor offered to look at overtime "line by line", according to Nair.

“Thomas, I can find you the money, but I can't find it twice,” she reportedly said.

The council aide added that nobody had "stormed out" of the "friendly enough" meeting.

“I have seen worse,” Nair said, “and I have seen it end well.”

Three drivers were fined last week, their union said.
""",
    (
        Expected("four routes", "The city council", form="indirect"),
        Expected("line by line", "Margaret Dunne", ("Priya Nair",), "mixed"),
        Expected("Thomas, I can find", "Margaret Dunne", ("Priya Nair",), inferred=True, hedged=True),
        Expected("stormed out", "Priya Nair", form="mixed"),
        Expected("I have seen worse", "Priya Nair"),
    ),
)

AMERICA_CHINA = Rewrite(
    "America and China",
    date(2021, 11, 17),
    """\
'I'll be frank, I have never known a call to run so long, and neither of them wanted to stop,' said White House national security adviser Jake Sullivan.

Sullivan summarised the conversation between Joe Biden and Xi Jinping for reporters in Washington.

The Chinese president pledged to keep the line open 'day and night', according to Sullivan.

'Joe, an old friend does not need an appointment,' he reportedly said.

The Chinese leader also said trade would recover once tariffs were 'a thing of the past', according to the national security adviser.

China tested a new missile last month, its defence ministry said on Tuesday. The Pentagon said it was watching closely.
""",
    (
        Expected("never known a call", "Jake Sullivan"),
        Expected("day and night", "Xi Jinping", ("Jake Sullivan",), "mixed"),
        Expected("Joe, an old friend", "Xi Jinping", ("Jake Sullivan",), inferred=True, hedged=True),
        Expected("a thing of the past", "Xi Jinping", ("Jake Sullivan",), "mixed"),
        Expected("tested a new missile", "China’s defence ministry", form="indirect"),
        Expected("watching closely", "Pentagon", form="indirect"),
    ),
)

REWRITES = (BRITAIN_INDIA, UKRAINE_BRAZIL, GERMANY_TURKEY, TOWN_HALL, AMERICA_CHINA)
