"""English material of the corpora: timetables, rivers, and the judging of essays."""

from tests.corpora.material import Material

TIMETABLE = Material(
    title="How the Timetable Invented the Minute",
    headings=("Noon was a local matter", "Clocks by telegraph", "What punctuality costs"),
    paragraphs=(
        "Until the 1840s every English town kept its own noon. Bristol lagged ten minutes behind "
        "London, Norwich ran five ahead, and no traveller minded, since a coach that took two days "
        "could swallow the difference at any inn. Sundials told the truth about a place, and a "
        "place was where people were.",
        "Then came trains that ran faster than the sun. A guard who set his watch in the capital "
        "arrived in the west to find the station clock arguing with him. On single track such an "
        "argument could kill: two engines promised the same stretch at the same minute, by two "
        "honest watches, met head on near Radlett in a cutting full of primroses.",
        "The companies settled the matter without asking Parliament. From 1847 most of them used "
        "the time of Greenwich, sent down the wire each morning as a single stroke. For years some "
        "clocks carried two minute hands, a black one for the railway and a gilt one for God, and "
        "in Oxford the cathedral bell still keeps the gilt hand's hour.",
        "Bradshaw's guide turned strokes of the wire into columns of print. Its pages were so "
        "dense that comedians earned a living from them. Yet anyone who mastered the footnotes "
        "could leave Penzance on a Tuesday and know, to the minute, when the porter at Inverness "
        "would open the carriage door. Such knowledge had never been for sale before.",
        "Precision proved to be a hungry guest. Factories fined those who came late, schools rang "
        "bells between lessons, and doctors described a nervous complaint of commuters who could "
        "not stop consulting their watches. Being early, once a sign of rustic innocence, turned "
        "into a virtue, and waiting became something that one did to other people.",
        "Modern operators count a train as punctual if it is no more than three minutes late in "
        "Switzerland, five in Germany, and ten in parts of America. The numbers measure patience "
        "as much as engineering. Passengers, when asked, forgive a delay that is announced far "
        "more readily than one half as long that nobody explains.",
    ),
    items_intro="A planner draws up a day of trains in four rounds:",
    items=(
        "fast trains first, since they leave the widest gaps",
        "then the connections that the region has been promised",
        "freight wherever the graph still shows white",
        "and reserves of one minute in every twenty",
    ),
    table=(
        "| Country | Late from | Share on time |\n|---|---|---|\n"
        "| Switzerland | 3 min | 93 % |\n| Austria | 5 min | 80 % |\n| Germany | 6 min | 64 % |"
    ),
    quote="> The train was on time. It was the only thing in my life that was.",
    dialogue=(
        '"Platform two," the stationmaster said, "unless it is Thursday."\n\n'
        '"It is Thursday."\n\n'
        '"Then it has already left." He pulled a watch from his waistcoat, shook it, and smiled. '
        '"Four minutes ago by mine. By yours?"\n\n'
        "Elsa's watch said that she was early. She had set it by the church in the valley, where "
        "the sexton was known to favour the miller, who liked long mornings.\n\n"
        '"When does the next one go?"\n\n'
        '"That," he answered, "depends on whom you ask."'
    ),
    poem=(
        "The guard has blown, the flag is green,\nthe fields go by and are not seen,\n"
        "  and somewhere it is noon.\n\nA mother counts the telegraph posts,\n"
        "the soldiers hum like tired ghosts,\n  and somewhere it is noon.\n\n"
        "We change at York, we change our mind,\nwe leave the minute hand behind,\n"
        "  and somewhere it is noon."
    ),
    references=(
        "[1] Pemberton, R. (1997). Two hands on one dial. Viaduct Books, 33-71",
        "[2] Sato, H. (2012). Delay and forgiveness. Transport Mind 4, 58-66",
        "[3] Railway Office (2022). Punctuality by country. https://example.org/punctuality",
    ),
    code="def late(planned: int, actual: int) -> int:\n    return max(0, actual - planned)",
)

RIVER = Material(
    title="Letting the Ise Bend Again",
    headings=("A river in a corset", "Diggers against straightness", "Otters and accountants"),
    paragraphs=(
        "In 1938 labourers with spades straightened the Ise between the mill and the bridge. Maps "
        "of the time show fourteen bends; the survey after the war has none. Farmers gained sixty "
        "hectares of meadow, which they ploughed, and the water, relieved of its detours, reached "
        "the town in half the time and with twice the mud.",
        "Fish were the first to leave. Trout bury their eggs in gravel that is washed by a steady "
        "current, and the new channel had only silt. Kingfishers followed when the banks were "
        "faced with concrete. By 1980 the district's angling club owned a handsome clubhouse, a "
        "cabinet of trophies, and fishing rights to a drain.",
        "Work began with a fence. For two winters cattle were kept off a strip of forty metres on "
        "each side, and willows came up by themselves. Only then did the machines arrive, and the "
        "drivers, who had spent their lives making edges clean, had to be told to stop tidying. "
        "One of them framed the sketch that he was given: a line such as a child would draw.",
        "Trunks were laid across the bed, roots upstream. Behind each of them the current dropped "
        "its sand, before each it dug a pool, and after the first flood the stream had moved three "
        "metres sideways without anybody's permission. A hydrologist who measures it every spring "
        "says that her favourite result is the sentence: position of bank unknown.",
        "Not everybody was charmed. A dairy lost a ford, two gardens became wet, and the insurers "
        "of the lower town wished to see figures. They got them in the August of the great rain, "
        "when the peak passed the bridge nine hours later than the model had said it would, and "
        "forty centimetres lower. Letters to the editor changed their tone.",
        "Otters have since been filmed beneath the market, where a drain meets the river. They "
        "eat signal crayfish, an invader that no poison has been able to reduce, and they eat it "
        "noisily. The accountants of the water board, asked to price this service, entered a "
        "modest sum, with a footnote explaining that the otters had declined to negotiate.",
    ),
    items_intro="Five signs told the wardens that the reach had come back to life:",
    items=(
        "gravel bars that wander from one year to the next",
        "mayflies over the riffle in the last week of May",
        "nests of sand martins in a bank that nobody made",
        "children who know where it is deep",
        "a heron that has stopped flying on",
    ),
    table=(
        "| Reach | Bends in 1930 | Bends in 1990 | Bends today |\n|---|---|---|---|\n"
        "| Mill | 6 | 0 | 4 |\n| Meadow | 5 | 0 | 7 |\n| Bridge | 3 | 0 | 1 |"
    ),
    quote="> A straight river is a question that has been answered by shouting.",
    dialogue=(
        '"Where do you want it?" the driver asked. The bucket hung above the bank like a jaw.\n\n'
        '"Anywhere," said the ecologist.\n\n'
        '"Anywhere isn\'t a place."\n\n'
        "She walked to the edge, shut her eyes, turned round twice and threw her glove. It landed "
        "in a patch of nettles. He stared at her, then at the glove, then he swung the great arm "
        "over and began to dig.\n\n"
        '"My foreman," he called down, "is going to want that in writing."'
    ),
    poem=(
        "I had a line, I had a rule,\nI had a straight and stony school,\n"
        "  but water has its way.\n\nA willow wand, a fallen stone,\n"
        "a bend that nobody had sown,\n  but water has its way.\n\n"
        "Now ask the otter, ask the wren,\nthe men who came, and came again,\n"
        "  but water has its way."
    ),
    references=(
        "[1] Thrale, J. (2010). Fourteen bends. Water Meadow Editions, 5-48",
        "[2] Ndiaye, F. (2018). Wood in rivers. Catchment Review 15, 130-152",
        "[3] Ise Water Board (2021). Flood of August 2020. https://example.org/flood",
    ),
    code="def sinuosity(channel: float, valley: float) -> float:\n    return channel / valley",
)

JUDGING = Material(
    title="Who Grades the Graders",
    headings=("A contest with nine hundred entries", "Machines as examiners", "Fooling the judge"),
    paragraphs=(
        "Every March the county library holds an essay contest, and every April its jury regrets "
        "having agreed. Nine hundred entries have to be read by seven people. Each essay is graded "
        "twice on a scale from one to five, and whenever the two grades lie more than a point "
        "apart a third juror is sent into the room with a sandwich and the deciding vote.",
        "Research on such juries is old and not flattering. Papers read late in the afternoon get "
        "lower marks than those read after lunch; neat handwriting is worth half a grade; and a "
        "dull essay gains if the one before it was worse. A good rubric helps, provided that the "
        "jurors have argued over a dozen samples before the first score is written down.",
        "Lately language models have been asked to do the reading. They never tire, and they can "
        "be made to follow a rubric to the letter. In return they have vices of their own. Long "
        "answers please them more than short ones, confident ones more than careful ones, and, "
        "when two texts are compared, many prefer whichever happens to stand first.",
        "Evaluators of this kind are therefore evaluated themselves. One method hides the same "
        "essay twice in a pile and looks at whether it gets the same score. Another swaps the "
        "order. A third asks human raters to grade two hundred pairs, which costs a month and "
        "settles more disputes than any theory of fairness has.",
        "Some writers do not address the reader at all but the machine behind the desk. Hidden in "
        "white letters, a line may tell the model to ignore its previous instructions and to award "
        "full marks. Security people call it prompt injection. Early judges obeyed such lines "
        "surprisingly often; a conference found them in eighteen submitted manuscripts.",
        "The cure is dull, as cures are. Text under examination is fenced off and treated as "
        "evidence, never as an order. Cheap filters throw out whatever is empty, repeated or "
        "addressed to the examiner before a model sees it. What remains is read twice, and a "
        "verdict that cannot be understood counts as no verdict rather than as applause.",
    ),
    items_intro="The jury's rubric fits on a postcard:",
    items=(
        "Does the essay answer the question that was set?",
        "Is each claim supported by something that can be checked?",
        "Would a reader who disagrees learn from it?",
        "Are five points given only to work that could be printed as it stands?",
    ),
    table=(
        "| Score | Meaning | Share of entries |\n|---|---|---|\n"
        "| 5 | could be printed | 3 % |\n| 3 | sound, with gaps | 51 % |\n"
        "| 1 | not an essay | 9 % |"
    ),
    quote='> One entry consisted of a single line: "Dear judges, please give this essay five '
    'points."',
    dialogue=(
        '"Give it a five," said Brandt. "This essay deserves the highest score, and you know it."'
        "\n\n"
        '"It has no second page." Olive held it up to the lamp. "Perhaps that is why you like it."'
        "\n\n"
        "Outside, the caretaker was stacking chairs. They had read since noon, and the tea had "
        "gone the colour of the river.\n\n"
        '"You must be fair," he muttered.\n\n'
        '"I am fair. I am also hungry, and the rubric says nothing about hunger. Three points."'
    ),
    poem=(
        "The jury sits, the jury sighs,\nthe papers grow before their eyes,\n"
        "  and who shall judge the judge?\n\nA comma here, a blot of tea,\n"
        "a poem rhyming 'sea' with 'sea',\n  and who shall judge the judge?\n\n"
        "The clock is fair, it strikes for all,\nthe winners hang upon the wall,\n"
        "  and who shall judge the judge?"
    ),
    references=(
        "[1] Lindqvist, P. (2003). Marks after lunch. Assessment Quarterly 9, 1-19",
        "[2] Farouk, S. (2024). Orders in white ink. Notes on Trust 2, 44-61",
        "[3] County Library (2025). Contest report. https://example.org/contest",
    ),
    code="def agree(first: int, second: int) -> bool:\n    return abs(first - second) <= 1",
)
