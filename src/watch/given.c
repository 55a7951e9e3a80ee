#include "watch/given.h"

/*
 * Folded, in the order of their bytes. From the lists of the most frequent given names that the statistical offices of the countries publish
 * (United States, United Kingdom, Germany, France, Spain, Italy, Poland, Czechia, the Nordic countries, Hungary, Turkey, Romania, Greece,
 * Serbia, Slovenia, Bulgaria), and for Russian, Ukrainian and Arabic names in their usual Latin spellings from the dictionaries of given
 * names; without those that are words with which sentences begin (Will, May, Frank).
 */
/* clang-format off */
const char *const given_names[] = {
    "aaron", "abdullah", "abigail", "adam", "agnes", "agnieszka", "agoston", "ahmad", "ahmed", "ahmet", "aisha", "alain", "alan", "albert", "alberto",
    "alejandro", "aleksandar", "aleksandr", "aleksandra", "aleksei", "alena", "alessandro", "alex", "alexander", "alexandra", "alexandre", "alexei",
    "alexey", "alfred", "alice", "alistair", "allen", "alvaro", "amanda", "amy", "anastasia", "anatoly", "anders", "andras", "andre", "andrea",
    "andreas", "andreea", "andrei", "andrej", "andres", "andrew", "andrey", "andrii", "andriy", "andrzej", "andy", "angela", "angelo", "angus",
    "aniko", "anja", "ann", "anna", "anne", "annie", "anthony", "antoine", "anton", "antonia", "antonio", "antti", "arne", "arnold", "arpad",
    "arthur", "astrid", "attila", "ayse", "balazs", "barbara", "barry", "beata", "bela", "bence", "benedek", "benjamin", "bernard", "bernd", "bernie",
    "bertalan", "betty", "birgitta", "bjorn", "bobby", "boglarka", "bohdan", "bojan", "boris", "brad", "bradley", "brandon", "branko", "brenda",
    "brendan", "brian", "brigitte", "bruce", "bruno", "bryan", "carl", "carlo", "carlos", "carmen", "carol", "caroline", "carolyn", "catherine",
    "cecilia", "charles", "charlie", "charlotte", "cheryl", "chiara", "chris", "christina", "christine", "christophe", "christopher", "christos",
    "claire", "clara", "clement", "colin", "constantin", "cristian", "cristina", "csaba", "cynthia", "daniel", "danny", "danuta", "dariusz", "dave",
    "david", "deborah", "debra", "dejan", "denes", "denis", "denise", "dennis", "derek", "dezso", "diana", "diane", "diego", "dieter", "dimitar",
    "dimitris", "dmitri", "dmitry", "dmytro", "domenico", "domokos", "donald", "donna", "dora", "dorota", "dorothea", "dorothy", "doug", "douglas",
    "dragan", "dumitru", "duncan", "dusan", "eddie", "edgar", "edit", "edith", "edmund", "edward", "edwin", "ekaterina", "eleanor", "elena", "eleni",
    "elif", "elizabeth", "ellen", "elzbieta", "emese", "emil", "emilia", "emily", "emine", "emma", "emmanuel", "eniko", "enrique", "eric", "erik",
    "erika", "ernest", "erno", "ernst", "erzsebet", "esther", "eszter", "ethan", "eugene", "eugenia", "eva", "evelyn", "evgeny", "ewa", "fabio",
    "fatima", "fatma", "felix", "ferdinand", "ferenc", "fernando", "fiona", "florian", "florin", "franc", "frances", "francesca", "francesco",
    "francisco", "franco", "francois", "francoise", "frantisek", "fred", "frederick", "friedrich", "gabor", "gabriel", "gabriela", "galina", "gary",
    "gavin", "geoffrey", "george", "georgi", "gerald", "gerard", "gergely", "geza", "gheorghe", "gilbert", "giorgio", "giorgos", "giovanna",
    "giovanni", "gisela", "giulia", "giuseppe", "gloria", "goran", "graham", "greg", "gregory", "grzegorz", "gunter", "gustav", "gyorgy", "gyula",
    "halina", "halyna", "hamza", "hana", "hannah", "hanne", "hans", "harold", "harry", "hasan", "hassan", "hatice", "heather", "hector", "heike",
    "heikki", "heinrich", "heinz", "helen", "helena", "helga", "henri", "henrik", "henry", "henryk", "herbert", "herman", "horst", "hristo", "hugh",
    "hugo", "huseyin", "hussein", "ian", "ibrahim", "ignacio", "igor", "ihor", "ildiko", "ilona", "ilya", "imre", "inger", "ingmar", "ingrid",
    "ioana", "irena", "irene", "irina", "irving", "iryna", "isaac", "isabel", "isabelle", "ismail", "istvan", "ivan", "ivana", "jacek", "jack",
    "jacob", "jacqueline", "jacques", "jadwiga", "jake", "james", "jamie", "jana", "janet", "janez", "janice", "janina", "janos", "janusz",
    "jaroslav", "jaroslava", "jaroslaw", "jason", "javier", "jeanne", "jeff", "jeffrey", "jelena", "jennifer", "jeno", "jens", "jeremy", "jerry",
    "jerzy", "jesse", "jessica", "jim", "jimmy", "jiri", "joan", "joanna", "joaquin", "joe", "johan", "johanna", "johannes", "john", "johnny",
    "jonas", "jonathan", "jorg", "jorge", "jose", "josef", "joseph", "josh", "joshua", "josip", "jovan", "joyce", "jozef", "jozsef", "juan", "judit",
    "judith", "judy", "juha", "jukka", "julia", "julian", "julie", "julien", "julius", "jurgen", "justin", "kalman", "karel", "karen", "karin",
    "karl", "karoly", "katalin", "katarina", "katarzyna", "katerina", "kateryna", "katherine", "kathleen", "kathryn", "katrin", "kazimierz", "keith",
    "kenneth", "kevin", "khalid", "kimberly", "kirill", "kirsten", "kjell", "klaus", "knut", "konstantin", "kostas", "krasimir", "kristin",
    "krisztina", "krystyna", "krzysztof", "ksenia", "kurt", "kyle", "lajos", "larisa", "larry", "lars", "laszlo", "laura", "lauren", "laurent",
    "lawrence", "leena", "leif", "lenka", "leonard", "leonardo", "levente", "liam", "linda", "lisa", "liudmyla", "ljiljana", "lorenzo", "louis",
    "louise", "luca", "lucas", "lucia", "lucie", "lucy", "ludwig", "luigi", "luis", "luka", "lukas", "lyudmila", "maciej", "magdalena", "magnus",
    "mahmoud", "maksim", "malcolm", "malgorzata", "manfred", "manuel", "marcel", "marcin", "marco", "marcus", "marek", "margaret", "margarita",
    "margit", "maria", "marianne", "marie", "marija", "marilyn", "marina", "mario", "marit", "mariusz", "marjan", "markku", "marko", "markus",
    "marta", "martha", "martin", "mary", "maryam", "mate", "matej", "mateusz", "mathieu", "matt", "matteo", "matthew", "matthias", "matti", "maurice",
    "maxim", "megan", "mehmet", "melanie", "melissa", "mette", "michael", "michal", "michel", "michelle", "mick", "miguel", "mihai", "mihaly",
    "mikael", "mike", "mikhail", "mikko", "miklos", "milan", "milica", "milos", "miroslav", "miroslaw", "mitchell", "mohamed", "mohammad", "mohammed",
    "mojca", "monika", "monique", "muhammad", "murat", "mustafa", "mykhailo", "mykola", "nadezhda", "nancy", "natalia", "nataliia", "natalya",
    "nathalie", "nathan", "nathaniel", "neil", "nicholas", "nick", "nicolae", "nicolas", "nicole", "niels", "nigel", "nikola", "nikolai", "nikolay",
    "nikos", "nils", "nina", "noemi", "nora", "norbert", "oksana", "olav", "oleg", "oleh", "oleksandr", "olena", "olga", "oliver", "olivia",
    "olivier", "omar", "omer", "ondrej", "orsolya", "oscar", "osman", "otto", "pablo", "paivi", "pal", "pamela", "paola", "paolo", "patrice",
    "patricia", "patrick", "paul", "pavel", "pawel", "pedro", "pekka", "percy", "petar", "peter", "petr", "petra", "petro", "phil", "philip",
    "philippe", "pierre", "pietro", "piotr", "pirjo", "plamen", "primoz", "rachel", "rafael", "rafal", "rainer", "ralf", "ralph", "ramazan", "ramon",
    "randy", "raymond", "rebecca", "rebekah", "reinhard", "reka", "renate", "rene", "ricardo", "richard", "ritva", "robert", "roberto", "rodney",
    "roger", "ronald", "rosaria", "roy", "rudolf", "rupert", "ruslan", "russell", "ryan", "ryszard", "sabine", "salvatore", "samantha",
    "samuel", "sandor", "sandra", "sandrine", "sara", "sarah", "sascha", "sean", "sebastian", "sergei", "sergey", "sergio", "serhii", "serhiy",
    "sharon", "shirley", "sidney", "silke", "silvia", "simon", "slawomir", "slobodan", "snezana", "sophia", "sophie", "soren", "spela",
    "stanislaw", "stanley", "stefan", "stefano", "stephan", "stephanie", "stephen", "steve", "steven", "stoyan", "stuart", "susan", "svein", "sven",
    "svetlana", "svitlana", "sylvia", "sylvie", "tadeusz", "tamas", "taras", "tatiana", "tatjana", "tatyana", "teresa", "terez", "terry",
    "tetiana", "theodore", "theresa", "thierry", "thomas", "tibor", "timo", "timothy", "tina", "tobias", "todor", "tom", "tomas", "tomasz", "tommy",
    "tony", "torsten", "travis", "tuula", "ulrich", "ursula", "uwe", "vaclav", "valentina", "valerie", "valery", "vasil", "vasile", "vasilis",
    "vasily", "vasyl", "veronika", "vicente", "victor", "victoria", "viktor", "vince", "vincent", "vincenzo", "vivian", "vladimir", "volodymyr",
    "walt", "walter", "wendy", "wieslaw", "wilhelm", "william", "willy", "wojciech", "wolfgang", "yannis", "yevgeny", "yulia", "yuliia", "yuri",
    "yurii", "yury", "yusuf", "yves", "zachary", "zainab", "zbigniew", "zdenek", "zeljko", "zeynep", "zofia", "zoltan", "zoran", "zsigmond", "zsofia",
    "zsolt", "zsuzsanna", "александар", "александр", "алексеи", "алина", "альберт", "ана", "анастасия", "анатолии", "анджеи", "андреи", "андріи",
    "анна", "антон", "арнольд", "артем", "артур", "бен", "билл", "богдан", "борис", "бранко", "вадим", "валентина", "васил", "василии", "василь",
    "виктор", "виктория", "владимир", "володимир", "вольфганг", "вільям", "віталіи", "галина", "ганна", "гарри", "генри", "георги", "георгии",
    "герберт", "горан", "григории", "густав", "дарья", "денис", "десислава", "дејан", "джак", "джеимс", "джек", "джим", "джо", "джозеф", "джон",
    "джонатан", "джордж", "джулия", "димитър", "дмитрии", "дмитро", "драган", "душан", "дэвид", "евгении", "едвард", "едуард", "ежен", "екатерина",
    "елена", "елизабет", "елізабет", "жак", "жан", "жюль", "зигмунд", "зоран", "иван", "ивана", "игорь", "илья", "иозеф", "ирина", "катерина",
    "кевин", "кеит", "кеннет", "кирилл", "клаус", "константин", "красимир", "ксения", "курт", "лариса", "ларс", "лиза", "луи", "лука", "людмила",
    "люси", "маикл", "маикъл", "максим", "марина", "мария", "марија", "марко", "мартин", "марія", "микола", "милица", "милош", "михаил", "михаило",
    "мэри", "наталия", "наталья", "наталія", "никола", "николаи", "оксана", "олег", "олександр", "олена", "ольга", "отто", "павел", "петер", "петр",
    "петро", "петър", "питер", "пламен", "полина", "пьер", "ричард", "роберт", "роберто", "роджер", "рональд", "рудольф", "руслан", "річард",
    "светлана", "світлана", "сергеи", "сергіи", "скотт", "слободан", "станислав", "стефан", "стивен", "стивън", "стоян", "стівен", "тарас", "татьяна",
    "тетяна", "тодор", "томас", "уильям", "уилям", "филип", "франсуа", "франц", "фридрих", "фрэнк", "ханс", "христо", "хуан", "чарлз", "чарльз",
    "шарль", "эдвард", "элизабет", "эмма", "энн", "энтони", "эрик", "юлия", "юлія", "юрии", "юріи", "ігор", "ірина", "јелена", "јован",
};
/* clang-format on */
const size_t given_name_count = sizeof given_names / sizeof *given_names;

bool
given_is_frequent(struct str fold)
{
	return str_listed(fold, given_names, given_name_count);
}
