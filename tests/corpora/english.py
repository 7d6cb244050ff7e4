"""English material of the corpora: lighthouses, street trees, bread."""

from tests.corpora.material import Material

LIGHTHOUSE = Material(
    title="The Last Keepers of Skerrow Light",
    headings=("A tower on a rock", "The work of a night", "After the lamp"),
    paragraphs=(
        "Skerrow is hardly an island at all. At high water it is a black back among the waves, and "
        "at low water a quarter of a mile of kelp and pools, on which seals lie like luggage that "
        "nobody has claimed. The tower was built there in 1844 because eleven ships had gone down "
        "in nine winters, and because the insurers had learnt to count.",
        "Granite came by barge from the mainland, each block dovetailed to the next so that the "
        "sea would find no joint to open. The masons slept in a wooden barrack on stilts. One "
        "October a storm carried the barrack off with the dinner still on its table, and the men, "
        "who were ashore for a wedding, returned to find only four iron stumps.",
        "Three keepers shared the hours between dusk and dawn. Whoever had the watch wound the "
        "clockwork that turned the lens, trimmed the wick, and wrote down the weather, even when "
        "there was nothing to write but fog. An old logbook has forty entries in a row with that "
        "single word, in three hands, none of which ever grows careless.",
        "Sleep came in pieces. A keeper who dozed on watch lost his place, so the men tied a cord "
        "from the winding drum to a brass bell above the stool. When the weight reached the bottom "
        "of its shaft the bell rang, and whoever sat there had perhaps ninety seconds before the "
        "beam stood still and some captain far out began to doubt his chart.",
        "Automatic lamps reached the district in 1971. A helicopter lowered a diesel generator "
        "through the gallery door, two engineers stayed for a week, and the families packed. Among "
        "the things that they left behind were a harmonium with a swollen keyboard and a "
        "pencilled list of birds on the inside of the pantry door.",
        "Today the tower answers to a desk in a town ninety miles away. A technician visits twice "
        "a year, changes what has to be changed, and eats a sandwich on the gallery steps. She "
        "says that the strangest thing is the bell. It is not connected to anything, yet in a "
        "north wind it trembles, and she has caught herself getting up to wind the weight.",
    ),
    items_intro="A keeper's box for a month on the rock held, besides clothes:",
    items=(
        "flour, oatmeal and tinned milk for five weeks",
        "two novels, to be exchanged with the other men",
        "a bottle of ink and a ruled notebook",
        "fishing line, hooks, and a whistle of tin",
    ),
    table=(
        "| Year | Lamp | Range in miles |\n|---|---|---|\n"
        "| 1844 | whale oil | 12 |\n| 1889 | paraffin | 17 |\n| 1971 | electric | 21 |"
    ),
    quote="> I was never lonely there. Lonely was what I became in the street afterwards.",
    dialogue=(
        '"You missed the nine o\'clock weather," said Ames.\n\n'
        '"There was none." Hector pointed at the window, where the fog stood like a wall.\n\n'
        '"Then write that down. They pay us for nothing, but they want the nothing in ink."\n\n'
        "Hector laughed, opened the log, and for the eleventh time that week he wrote the word. "
        "Below them the sea breathed in and out of the cave under the landing.\n\n"
        '"Do you think anyone reads it?" he asked after a while.\n\n'
        '"My mother read her almanac every evening," Ames said, "and she never left the farm. '
        'Somebody always reads."'
    ),
    poem=(
        "The oil is drawn, the wick is dry,\nthe gulls go home across the sky,\n"
        "  and the light goes round.\n\nA ship is late, a ship is lost,\n"
        "the window panes are blind with frost,\n  and the light goes round.\n\n"
        "My brother writes that he is well,\nthe tide has come to ring the bell,\n"
        "  and the light goes round."
    ),
    references=(
        "[1] Carrow, E. (1988). Stone on stone: sea towers of the north. Pell House, 12-58",
        "[2] Dunnet, M. (2004). The fog books. Journal of Coastal Lives 7, 201-219",
        "[3] Board of Lights (1902). Register of stations. https://example.org/register",
    ),
    code="def is_dark(sun_degrees: float) -> bool:\n    return sun_degrees < -6.0",
)

TREES = Material(
    title="What a Street Tree Is Worth",
    headings=("Shade by the square metre", "Roots under asphalt", "Who waters it"),
    paragraphs=(
        "On a July afternoon the pavement of Garnet Street is too hot for a dog. Forty paces on, "
        "under the lime trees of Orchard Row, the same stone can be touched with a bare hand. "
        "Thermometers that the city hung on lamp posts last summer give the difference as eleven "
        "degrees at the ground and a little over two at the height of a face.",
        "Most of that gain is shadow, and the rest is water. A grown lime lifts several hundred "
        "litres through its leaves on a dry day, and every litre that turns to vapour takes heat "
        "with it. The effect stops where the soil is exhausted: trees that cannot drink close "
        "their pores by noon, and from then on they are parasols and nothing more.",
        "What happens below is less well known. Engineers compact the bed of a road until nothing "
        "will settle, which is another way of saying until nothing can breathe. The pit in which "
        "a sapling is set measures little more than a bathtub, and when the roots have filled it "
        "they go where air is left, along pipes and under kerbs.",
        "Stockholm answered with gravel. Coarse stones carry the load of lorries, washed soil and "
        "charcoal fill the gaps between them, and rain is led in from the roofs. Cores taken ten "
        "years later showed fine roots four metres from the trunk. Other towns have copied the "
        "recipe, though few of them have copied the patience.",
        "Planting is the cheap part. A young tree costs about as much as a bicycle, and a mayor "
        "can be photographed beside it. The five summers that follow cost three times the sum, and "
        "nobody is photographed beside a hose. In dry districts every fourth sapling fails before "
        "its sixth birthday, nearly always for want of forty litres a week.",
        "Leipzig therefore put each tree on a map and let people adopt one. The map shows when it "
        "was last watered and by whom. Schools joined first, then a chess club, then the staff of "
        "a police station, who now defend a row of maples against a bakery across the road. "
        "Losses in the adopted streets have fallen to one in fifteen.",
    ),
    items_intro="Before a species is ordered, the garden office asks four questions:",
    items=(
        "Does it stand heat above thirty-eight degrees for a week?",
        "Will salt from the winter service burn its roots?",
        "How wide is the crown after thirty years?",
        "Which insects can live on it?",
    ),
    table=(
        "| Species | Crown in metres | Water a week |\n|---|---|---|\n"
        "| Field maple | 8 | 35 litres |\n| Silver lime | 14 | 50 litres |\n"
        "| Zelkova | 12 | 40 litres |"
    ),
    quote="> We used to count trees that we had planted. Now we count the ten-year-olds.",
    dialogue=(
        '"That one is ours," said the girl, and put both hands on the bark.\n\n'
        '"Who says so?" The man from the depot had a list, and no girl was on it.\n\n'
        '"The map does. Number 4,117. We gave it six cans on Monday."\n\n'
        "He scrolled until he found it. Six cans, on Monday, class 3b. He looked up into the "
        "maple, which was the only green thing between the station and the bridge, and then he "
        "folded his list.\n\n"
        '"It needs a stake," he said. "Hold it straight while I fetch the hammer."'
    ),
    poem=(
        "They cut the street for cable,\nthey cut the street for gas,\n"
        "  and still the lime tree stood.\n\nA dog, a bike, a gable,\na winter made of glass,\n"
        "  and still the lime tree stood.\n\nThen summer laid the table,\nlet the children pass,\n"
        "  and still the lime tree stood."
    ),
    references=(
        "[1] Alvén, K. (2015). Stones that hold water. City Soil Papers 3, 9-31",
        "[2] Office of Parks (2023). Losses of young trees, 2012-2022. https://example.org/losses",
        "[3] Mbeki, T. and Rowe, L. (2019). Heat at walking height. Urban Climate Notes 11, 77-90",
    ),
    code="def shade(crown_metres: float) -> float:\n    return 3.1416 * (crown_metres / 2) ** 2",
)

BREAD = Material(
    title="Slow Bread in a Fast Town",
    headings=("Flour, water and time", "A bakery at four in the morning", "The price of a loaf"),
    paragraphs=(
        "Bread asks for very little: flour, water, salt, and something alive. What it asks for "
        "next is time, and time is what most bakeries stopped giving it around 1961, when a "
        "factory near London found that violent mixing could do in four minutes what yeast had "
        "done in four hours. Loaves grew softer, cheaper, and curiously silent when squeezed.",
        "A long rise changes more than texture. Enzymes in the grain begin to take starch apart, "
        "acids from the leaven follow, and together they free minerals which the body would "
        "otherwise pass by. Several people who believed that wheat disagreed with them have "
        "discovered that only haste did, although physicians warn against making a law of it.",
        "Marguerite Oyelaran unlocks her shop when the last tram has gone. She refreshed the "
        "leaven at eleven, slept, and now looks through the glass of the crock as other people "
        "look at a face. If the surface is domed, she has an hour; once it has sunk in the middle "
        "she must hurry, because the bubbles have begun to eat their own walls.",
        "Nothing in the next two hours is quick, yet nobody stands still. Dough is folded, not "
        "kneaded, every thirty minutes. Between folds there are tins to oil, a floor to sweep, "
        "orders to read from the backs of envelopes. At six the oven door opens for the first "
        "time, and the windows of the street go white from the inside.",
        "Her loaf costs five times as much as the one in the supermarket. She can explain every "
        "penny: organic flour from two farms, a rent that doubled in a decade, wages for three, "
        "and bread that is given away at closing time. What she cannot explain, she says, is how "
        "the other loaf can be so cheap, unless somebody along the line is not being paid.",
        "Still, she keeps a second shelf near the door. Yesterday's bread lies there for whatever "
        "the customer chooses to leave in a jar. Students empty it by nine. An economist who lives "
        "above the shop has studied the jar for a year, and reports with some annoyance that it "
        "holds, on average, slightly more than the bread would have fetched.",
    ),
    items_intro="For two loaves at home she recommends no more than this:",
    items=(
        "800 g of strong flour, a third of it wholemeal",
        "560 g of water, warm as a hand",
        "160 g of lively leaven",
        "16 g of salt, added after half an hour",
    ),
    table=(
        "| Hour | Step | Warmth |\n|---|---|---|\n| 0 | mixing | 26 °C |\n"
        "| 4 | shaping | 22 °C |\n| 16 | baking | 240 °C |"
    ),
    quote="> My grandfather sold bread by the pound and gossip by the yard.",
    dialogue=(
        '"It\'s flat," said Tom, and poked the loaf.\n\n'
        '"It\'s tired," his aunt replied. "You let it rise all night beside the stove."\n\n'
        '"The book said eight hours."\n\n'
        "She turned the book over and read the cover aloud. It had been written in Aberdeen, in "
        "a kitchen without heating. Tom looked at his own radiator, which was ticking.\n\n"
        '"So what do I do with this?" he asked.\n\n'
        '"Slice it thin, rub it with garlic, and call it something Italian."'
    ),
    poem=(
        "First the flour, white as sleep,\nthen the water, still and deep,\n"
        "  and let it rest, and let it rise.\n\nSalt for sorrow, salt for sense,\n"
        "leaven for impatience hence,\n  and let it rest, and let it rise.\n\n"
        "Open, oven, red and wide,\ntake the pale one to your side,\n"
        "  and let it rest, and let it rise."
    ),
    references=(
        "[1] Hollis, A. (2009). The four-minute loaf. Mill Lane Press, 101-140",
        "[2] Okonkwo, B. (2016). Phytate and patience. Grain Letters 22, 5-17",
        "[3] Guild of Bakers (2021). Costs and wages. https://example.org/wages",
    ),
    code="def water(flour_grams: float, hydration: float = 0.7) -> float:\n"
    "    return flour_grams * hydration",
)
