#include "watch/common.h"

/*
 * The closed classes of words (articles, pronouns, prepositions, conjunctions, auxiliaries) that head the frequency lists of each
 * language; folded; English first. Only those that are no names.
 */
/* clang-format off */
static const struct {
	const char *language, *words;
} common[] = {
    {"English", "the a an and or but of to in on at by for from with as is are was were be been it its he she they we you i this that these those not no who what when where which has have had would could"},
    {"German", "der die das den dem des ein eine einer und oder aber von zu zum zur im am auf mit fur ist sind war nicht sich er sie es wir als auch nach bei aus wie dass"},
    {"French", "le les l un une des et ou mais de du au aux en dans sur avec pour par est sont ne pas il elle ils nous vous qui que ce cette"},
    {"Spanish", "el los las un una y o pero de del al en con por para es son no se su lo que como mas"},
    {"Italian", "il lo gli un una e ma di del della da dal in nel con su per tra non si che come sono"},
    {"Portuguese", "os um uma e ou mas do da dos das em no na nos nas com por para que nao se"},
    {"Dutch", "de het een en of maar van te op met voor is zijn was niet ze hij dat die aan ook"},
    {"Polish", "i w we na z ze do od o u za po nie sie jest sa to ten ta te jak ale lub oraz dla przez"},
    {"Czech", "a v ve na z ze do od o u za po ne se je jsou to ten ta ty jak ale nebo pro pri"},
    {"Russian", "и в во на с со к ко от из о об у за по не ни что это как но или для при ли то бы он она они мы вы я был была были есть же"},
    {"Ukrainian", "і й та в у на з із зі до від о про за по не що це як але або для при він вона вони ми ви є"},
    {"Bulgarian", "и в във на с със от до за по не че това как но или при той тя те ние вие е са да се ли си"},
    {"Turkish", "ve bir bu su o da de icin ile ama ne"},
    {"Arabic", "في من على الى عن ان او ما لا هو هي هذا هذه"},
    {"Greek", "ο η το οι τα του τησ των και σε με για απο στο στη στην που δεν να"},
};
/* clang-format on */

const char *
common_word_of(struct str fold, bool capital)
{
	/* with a capital it may be a family name in another language: Ma, Su, Do, An */
	size_t count = capital ? 1 : sizeof common / sizeof *common;
	if (capital && fold.len < 3)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		struct str rest = str_from(common[i].words), word;
		while (str_split(&rest, ' ', &word)) {
			if (str_eq(word, fold))
				return common[i].language;
		}
	}
	return NULL;
}

/*
 * Countries, states of the United States and the largest cities, folded, in the order of their bytes, which are the family names of many (Census Bureau,
 * Frequently Occurring Surnames) or may be so: in a text that names nobody in full they are the place. Without given names.
 */
/* clang-format off */
static const char *const places[] = {
    "afghanistan", "africa", "alabama", "alaska", "albania", "algeria", "america", "amsterdam", "argentina", "arizona", "arkansas",
    "armenia", "athens", "atlanta", "australia", "austria", "baghdad", "bahrain", "baltimore", "beirut", "belgium", "berlin", "bolivia",
    "boston", "botswana", "bratislava", "brazil", "bremen", "britain", "brussels", "bucharest", "budapest", "bulgaria", "burma", "cairo",
    "california", "cambodia", "cameroon", "canada", "carolina", "chad", "chicago", "chile", "china", "colombia", "colorado", "comoros",
    "connecticut", "copenhagen", "croatia", "cuba", "cyprus", "dakota", "dallas", "damascus", "delaware", "denmark", "denver", "detroit",
    "dresden", "dublin", "egypt", "england", "eritrea", "estonia", "ethiopia", "fiji", "finland", "florida", "france", "francia",
    "frankfurt", "gabon", "gambia", "geneva", "germany", "ghana", "greece", "grenada", "guinea", "guyana", "haiti", "hamburg", "hannover",
    "hawaii", "helsinki", "holland", "honduras", "houston", "hungary", "iceland", "idaho", "illinois", "india", "indiana", "indonesia",
    "iowa", "iran", "iraq", "ireland", "israel", "istanbul", "italia", "italy", "jamaica", "japan", "jerusalem", "jordan", "kabul",
    "kansas", "kentucky", "kenya", "kiev", "korea", "kuba", "kuwait", "kyiv", "laos", "latvia", "lebanon", "leipzig", "lesotho", "liberia",
    "libya", "lisbon", "lithuania", "ljubljana", "london", "londres", "louisiana", "luxembourg", "macedonia", "madrid", "malawi",
    "malaysia", "maldives", "mali", "malta", "manila", "maryland", "massachusetts", "mauritius", "mexico", "miami", "michigan", "milwaukee",
    "minnesota", "minsk", "mississippi", "missouri", "moldova", "monaco", "mongolia", "montana", "montenegro", "morocco", "moscow",
    "mozambique", "munich", "myanmar", "nairobi", "namibia", "naples", "nebraska", "nepal", "nevada", "niger", "nigeria", "norway",
    "nuremberg", "ohio", "oklahoma", "oman", "oregon", "oslo", "pakistan", "palestine", "panama", "paraguay", "paris", "pennsylvania",
    "peru", "philadelphia", "pittsburgh", "poland", "polska", "portugal", "prague", "qatar", "riga", "roma", "romania", "russia", "rwanda",
    "salzburg", "samoa", "sarajevo", "scotland", "seattle", "senegal", "seoul", "serbia", "singapore", "skopje", "slovakia", "slovenia",
    "somalia", "spain", "stockholm", "sudan", "sweden", "switzerland", "syria", "taiwan", "tallinn", "tanzania", "tehran", "tennessee",
    "texas", "thailand", "tirana", "togo", "tokyo", "tunisia", "turkey", "uganda", "ukraine", "uruguay", "utah", "uzbekistan", "vatican",
    "venezuela", "venice", "vermont", "vienna", "vietnam", "vilnius", "wales", "warsaw", "washington", "wisconsin", "wyoming", "yemen",
    "zagreb", "zambia", "zimbabwe", "zurich", "австралия", "австрия", "америка", "англия", "африка", "берлин", "вашингтон", "венеция",
    "женева", "израиль", "индия", "иордания", "иран", "испания", "италия", "канада", "киев", "китаи", "киів", "корея", "куба", "лондон",
    "мали", "мальта", "минск", "москва", "париж", "перу", "польша", "прага", "рим", "россия", "росія", "сербия", "сирия", "турция",
    "украина", "франция", "чад", "чили", "швеция", "япония", "ізраіль", "індія", "італія",
};
/* clang-format on */

bool
common_place(struct str fold)
{
	return str_listed(fold, places, sizeof places / sizeof *places);
}
