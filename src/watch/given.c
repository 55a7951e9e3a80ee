#include "watch/given.h"

#include <stdlib.h>

/*
 * Folded, in the order of their bytes. From the lists of the most frequent given names that the statistical offices of the countries publish
 * (United States, United Kingdom, Germany, France, Spain, Italy, Poland, Czechia, the Nordic countries, Hungary, Turkey, Romania, Greece,
 * Serbia, Slovenia, Bulgaria), and for Russian, Ukrainian and Arabic names in their usual Latin spellings from the dictionaries of given
 * names; without those that are words with which sentences begin (Will, May, Frank).
 */
/* clang-format off */
const char *const given_names[] = {
    "aaron", "abdullah", "abigail", "adam", "agnes", "agnieszka", "agoston", "ahmad", "ahmed", "ahmet", "aisha", "alain", "alan", "albert", "alberto",
    "alejandro", "aleksandar", "aleksandr", "aleksandra", "aleksei", "alena", "alessandro", "alexander", "alexei", "alexey", "alice", "alistair",
    "alvaro", "amanda", "amy", "anastasia", "anatoly", "anders", "andras", "andre", "andrea", "andreas", "andreea", "andrei", "andrej", "andres",
    "andrew", "andrey", "andrii", "andriy", "andrzej", "angela", "angelo", "aniko", "anja", "ann", "anna", "anne", "anthony", "antoine", "anton",
    "antonio", "antti", "arne", "arpad", "arthur", "astrid", "attila", "ayse", "balazs", "barbara", "beata", "bela", "bence", "benedek", "benjamin",
    "bernard", "bernd", "bertalan", "betty", "birgitta", "bjorn", "boglarka", "bohdan", "bojan", "boris", "brandon", "branko", "brenda", "brian",
    "brigitte", "bruce", "bruno", "bryan", "carl", "carlo", "carlos", "carmen", "carol", "carolyn", "catherine", "charles", "charlotte", "cheryl",
    "chiara", "christina", "christine", "christophe", "christopher", "christos", "claire", "colin", "constantin", "cristian", "cristina", "csaba",
    "cynthia", "daniel", "danuta", "dariusz", "david", "deborah", "debra", "dejan", "denes", "denis", "denise", "dennis", "dezso", "diane", "diego",
    "dieter", "dimitar", "dimitris", "dmitri", "dmitry", "dmytro", "domenico", "domokos", "donald", "donna", "dora", "dorota", "dorothy", "dragan",
    "dumitru", "duncan", "dusan", "edit", "edward", "ekaterina", "elena", "eleni", "elif", "elizabeth", "elzbieta", "emese", "emily", "emine", "emma",
    "eniko", "enrique", "eric", "erik", "erika", "erno", "erzsebet", "eszter", "ethan", "eugene", "eva", "evelyn", "evgeny", "ewa", "fatima", "fatma",
    "felix", "ferenc", "fernando", "fiona", "florian", "florin", "franc", "frances", "francesca", "francesco", "francisco", "franco", "francois",
    "francoise", "frantisek", "gabor", "galina", "gary", "george", "georgi", "gerald", "gergely", "geza", "gheorghe", "giorgio", "giorgos",
    "giovanna", "giovanni", "gisela", "giulia", "giuseppe", "gloria", "goran", "graham", "gregory", "grzegorz", "gunter", "gyorgy", "gyula", "halina",
    "halyna", "hamza", "hana", "hannah", "hanne", "hans", "harold", "hasan", "hassan", "hatice", "heather", "heike", "heikki", "heinz", "helen",
    "helena", "helga", "henrik", "henry", "henryk", "horst", "hristo", "huseyin", "hussein", "ian", "ibrahim", "igor", "ihor", "ildiko", "ilona",
    "ilya", "imre", "inger", "ingrid", "ioana", "irena", "irina", "iryna", "isabel", "isabelle", "ismail", "istvan", "ivan", "ivana", "jacek",
    "jacob", "jacqueline", "jacques", "jadwiga", "james", "jana", "janet", "janez", "janice", "janina", "janos", "janusz", "jaroslav", "jaroslava",
    "jaroslaw", "jason", "javier", "jeanne", "jeffrey", "jelena", "jennifer", "jeno", "jens", "jeremy", "jerry", "jerzy", "jesse", "jessica", "jiri",
    "joan", "joanna", "joaquin", "johan", "john", "jonathan", "jorg", "jorge", "jose", "josef", "joseph", "joshua", "josip", "jovan", "joyce",
    "jozef", "jozsef", "juan", "judit", "judith", "judy", "juha", "jukka", "julia", "julie", "julien", "jurgen", "justin", "kalman", "karen", "karin",
    "karl", "karoly", "katalin", "katarina", "katarzyna", "katerina", "kateryna", "katherine", "kathleen", "kathryn", "katrin", "kazimierz", "keith",
    "kenneth", "kevin", "khalid", "kimberly", "kirill", "kirsten", "kjell", "klaus", "knut", "konstantin", "kostas", "krasimir", "kristin",
    "krisztina", "krystyna", "krzysztof", "ksenia", "lajos", "larisa", "larry", "lars", "laszlo", "laura", "lauren", "laurent", "lawrence", "leena",
    "leif", "lenka", "levente", "linda", "lisa", "liudmyla", "ljiljana", "lorenzo", "louis", "luca", "lucia", "lucie", "luigi", "luis", "luka",
    "lukas", "lyudmila", "maciej", "magdalena", "magnus", "mahmoud", "maksim", "malgorzata", "manfred", "manuel", "marcel", "marcin", "marco",
    "marek", "margaret", "margit", "maria", "marie", "marija", "marilyn", "marina", "mario", "marit", "mariusz", "marjan", "markku", "marko",
    "markus", "marta", "martha", "martin", "mary", "maryam", "mate", "matej", "mateusz", "matteo", "matthew", "matthias", "matti", "maxim", "megan",
    "mehmet", "melissa", "mette", "michael", "michal", "michel", "michelle", "miguel", "mihai", "mihaly", "mikael", "mikhail", "mikko", "miklos",
    "milan", "milica", "milos", "miroslav", "miroslaw", "mohamed", "mohammad", "mohammed", "mojca", "monika", "monique", "muhammad", "murat",
    "mustafa", "mykhailo", "mykola", "nadezhda", "nancy", "natalia", "nataliia", "natalya", "nathalie", "nathan", "neil", "nicholas", "nicolae",
    "nicolas", "nicole", "niels", "nigel", "nikola", "nikolai", "nikolay", "nikos", "nils", "nina", "noemi", "nora", "oksana", "olav", "oleg", "oleh",
    "oleksandr", "olena", "olga", "oliver", "olivia", "olivier", "omar", "omer", "ondrej", "orsolya", "osman", "pablo", "paivi", "pal", "pamela",
    "paola", "paolo", "patricia", "patrick", "paul", "pavel", "pawel", "pedro", "pekka", "petar", "peter", "petr", "petra", "petro", "philip",
    "philippe", "pierre", "pietro", "piotr", "pirjo", "plamen", "primoz", "rachel", "rafael", "rafal", "ralf", "ralph", "ramazan", "ramon", "rebecca",
    "reka", "renate", "rene", "richard", "ritva", "robert", "roberto", "roger", "ronald", "rosaria", "roy", "ruslan", "russell", "ryan", "ryszard",
    "sabine", "salvatore", "samantha", "samuel", "sandor", "sandra", "sandrine", "sara", "sarah", "sean", "sebastian", "sergei", "sergey", "sergio",
    "serhii", "serhiy", "sharon", "shirley", "silke", "silvia", "simon", "slawomir", "slobodan", "snezana", "sophia", "soren", "spela", "stanislaw",
    "stefan", "stefano", "stephanie", "stephen", "steven", "stoyan", "stuart", "susan", "svein", "sven", "svetlana", "svitlana", "sylvie", "tadeusz",
    "tamas", "taras", "tatiana", "tatjana", "tatyana", "teresa", "terez", "terry", "tetiana", "theresa", "thierry", "thomas", "tibor", "timo",
    "timothy", "tobias", "todor", "tomas", "tomasz", "torsten", "tuula", "ulrich", "ursula", "uwe", "vaclav", "valentina", "valerie", "vasil",
    "vasile", "vasilis", "vasily", "vasyl", "veronika", "vicente", "victoria", "viktor", "vincent", "vincenzo", "vladimir", "volodymyr", "walter",
    "wieslaw", "william", "wojciech", "wolfgang", "yannis", "yevgeny", "yulia", "yuliia", "yuri", "yurii", "yury", "yusuf", "zachary", "zainab",
    "zbigniew", "zdenek", "zeljko", "zeynep", "zofia", "zoltan", "zoran", "zsigmond", "zsofia", "zsolt", "zsuzsanna", "александар", "александр",
    "алексеи", "алина", "ана", "анастасия", "анатолии", "андреи", "андріи", "анна", "антон", "артем", "богдан", "борис", "бранко", "вадим",
    "валентина", "васил", "василии", "василь", "виктор", "виктория", "владимир", "володимир", "віталіи", "галина", "ганна", "георги", "георгии",
    "горан", "григории", "дарья", "денис", "десислава", "дејан", "джон", "джордж", "димитър", "дмитрии", "дмитро", "драган", "душан", "дэвид",
    "евгении", "екатерина", "елена", "жан", "зоран", "иван", "ивана", "игорь", "илья", "ирина", "катерина", "кирилл", "константин", "красимир",
    "ксения", "лариса", "лука", "людмила", "маикл", "максим", "марина", "мария", "марија", "марко", "марія", "микола", "милица", "милош", "михаил",
    "михаило", "наталия", "наталья", "наталія", "никола", "николаи", "оксана", "олег", "олександр", "олена", "ольга", "павел", "петр", "петро",
    "петър", "питер", "пламен", "полина", "пьер", "роберт", "руслан", "светлана", "світлана", "сергеи", "сергіи", "слободан", "станислав", "стефан",
    "стоян", "тарас", "татьяна", "тетяна", "тодор", "томас", "ханс", "христо", "юлия", "юлія", "юрии", "юріи", "ігор", "ірина", "јелена", "јован",
};
/* clang-format on */
const size_t given_name_count = sizeof given_names / sizeof *given_names;

static int
by_bytes(const void *key, const void *item)
{
	return str_cmp(*(const struct str *)key, str_from(*(const char *const *)item));
}

bool
given_is_frequent(struct str fold)
{
	return bsearch(&fold, given_names, given_name_count, sizeof *given_names, by_bytes) != NULL;
}
