/*
 * The report that this program exists for, invented: talks to end a war, told in many languages and scripts. The watchlist
 * has every actor once, in one spelling. Every mention must be found, and nothing else.
 */
#include "watch_fixture.h"

static void
list(void)
{
	struct err err;
	watch("orlovsky", WATCH_PERSON, "uk", "Volodymyr Orlovskiy");
	watch("gromov", WATCH_PERSON, "ru", "Viktor Gromov");
	watch("halden", WATCH_PERSON, "en", "Marcus Halden");
	watch("brandt", WATCH_PERSON, "de", "Annika Brandhorst");
	watch("petrenko", WATCH_PERSON, "uk", "Rustam Petrenko");
	watch("ukraine", WATCH_PLACE, "en", "Ukraine");
	watch("vienna", WATCH_PLACE, "en", "Vienna");
	watch("kyiv", WATCH_PLACE, "en", "Kyiv");
	watch("washington", WATCH_PLACE, "en", "Washington");
	watch("alliance", WATCH_ORG, "en", "NATO");
	watch("plan", WATCH_TOPIC, "en", "peace plan");
	ck_assert_int_eq(watch_add_role(fx.builder, STR_LIT("halden"), WATCH_ROLE_NOT, STR_LIT("Tony Halden"),
	                     (struct watch_origin){STR_NONE, 0}, &err),
	    0);
	ck_assert_int_eq(
	    watch_exclude(fx.builder, STR_LIT("Washington Post"), (struct watch_origin){STR_NONE, 0}, &err), 0);
	compile();
}

static const struct {
	const char *lang, *text, *want;
} report[] = {
    {"en",
        "Marcus Halden flew to Vienna on Sunday with a peace plan of 28 points. “We made progress,” Halden told the "
        "Washington "
        "Post. The envoy's talks with Rustam Petrenko lasted 5 hours; Petrenko's aides said nothing.",
        "halden:Marcus Halden|Halden petrenko:Rustam Petrenko|Petrenko vienna:Vienna plan:peace plan"},
    {"en", "A play by Tony Halden opened on Broadway; Halden wept.", ""},
    {"en", "V. ORLOVSKY: KYIV WILL NOT CEDE AN INCH", "orlovsky:V. ORLOVSKY kyiv:KYIV"},
    {"uk", "Володимир Орловський зустрівся у Відні з Маркусом Халденом. За словами Орловського, Київ чекає на гарантії НАТО.",
        "orlovsky:Володимир Орловський|Орловського halden:Маркусом Халденом vienna:Відні kyiv:Київ alliance:НАТО"},
    {"ru",
        "Виктор Громов принял спецпосланника Маркуса Халдена. Громову передали предложение из 28 пунктов; в Вене ждут "
        "Орловского.",
        "orlovsky:Орловского gromov:Виктор Громов|Громову halden:Маркуса Халдена vienna:Вене"},
    {"pl", "Wiktor Gromow rozmawiał z Wołodymyrem Orłowskim o Ukrainie. Spotkanie w Wiedniu trwało 3 godziny.",
        "orlovsky:Wołodymyrem Orłowskim gromov:Wiktor Gromow ukraine:Ukrainie vienna:Wiedniu"},
    {"cs", "Volodymyr Orlovskyj jednal ve Vídni s Viktorem Gromovem. Podle Orlovského jde o Ukrajinu.",
        "orlovsky:Volodymyr Orlovskyj|Orlovského gromov:Viktorem Gromovem ukraine:Ukrajinu vienna:Vídni"},
    {"sl", "Marcus Halden se je na Dunaju sestal z Viktorjem Gromovom; o Haldenovem načrtu molčijo.",
        "gromov:Viktorjem Gromovom halden:Marcus Halden|Haldenovem vienna:Dunaju"},
    {"de", "Annika Brandhorst traf Wolodymyr Orlowskyj in Wien. Brandhorsts Sprecher nannte 300 Milliarden Euro.",
        "orlovsky:Wolodymyr Orlowskyj brandt:Annika Brandhorst|Brandhorsts vienna:Wien"},
    {"fr", "À Vienne, Volodymyr Orlovsky a rencontré Marcus Halden ; l'OTAN se tait sur l'Ukraine.",
        "orlovsky:Volodymyr Orlovsky halden:Marcus Halden ukraine:Ukraine vienna:Vienne alliance:OTAN"},
    {"fi", "Marcus Haldenin mukaan Viktor Gromovin kanssa puhuttiin Wienissä.",
        "gromov:Viktor Gromovin halden:Marcus Haldenin vienna:Wienissä"},
    {"hu", "Viktor Gromovval tárgyalt Marcus Halden Bécsben.",
        "gromov:Viktor Gromovval halden:Marcus Halden vienna:Bécsben"},
    {"tr", "Marcus Halden'ın Viyana'da Viktor Gromov'la görüşmesi sürdü.",
        "gromov:Viktor Gromov halden:Marcus Halden vienna:Viyana"},
    {"lt", "Viktoras Gromovas susitiko su Marcusu Haldenu Vienoje.",
        "gromov:Viktoras Gromovas halden:Marcusu Haldenu vienna:Vienoje"},
    {"el", "Ο Βίκτορ Γκρόμοφ συναντήθηκε με τον Μάρκους Χάλντεν στη Βιέννη.",
        "gromov:Βίκτορ Γκρόμοφ halden:Μάρκους Χάλντεν vienna:Βιέννη"},
    {"ar", "التقى فيكتور غروموف في فيينا", "gromov:فيكتور غروموف vienna:فيينا"},
    {"he", "ויקטור גרומוב נפגש בווינה עם הליווי", "gromov:ויקטור גרומוב vienna:בווינה"},
    {"ka", "ვიქტორ გრომოვმა ვენაში ისაუბრა", "gromov:ვიქტორ გრომოვმა vienna:ვენაში"},
    {"zh", "各方代表在维也纳谈判乌克兰问题", "ukraine:乌克兰 vienna:维也纳"},
    {"ja", "代表団はウィーンでウクライナについて協議した", "ukraine:ウクライナ vienna:ウィーン"},
};

START_TEST(test_every_mention_is_found_and_none_invented)
{
	list();
	for (size_t i = 0; i < sizeof report / sizeof *report; i++) {
		struct str got = found(report[i].lang, report[i].text);
		ck_assert_msg(str_is(got, report[i].want), "%s: %s\n got  %.*s\n want %s", report[i].lang,
		    report[i].text, STR_ARG(got), report[i].want);
	}
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, fixture_setup, fixture_teardown);
	tcase_add_test(tc, test_every_mention_is_found_and_none_invented);
}

int
main(void)
{
	return tap_run("watch/report", suite);
}
