package query

import (
	"strings"
	"testing"

	"inlay/internal/access"
	"inlay/internal/metric"
	"inlay/internal/semantic"
)

func orders(filters ...semantic.RowFilter) *semantic.Explore {
	return &semantic.Explore{Name: "orders", BaseTable: "orders", Tables: map[string]*semantic.Table{"orders": {
		Name: "orders", Columns: map[string]string{"account_id": "INTEGER", "region": "VARCHAR"}, RowFilters: filters,
	}}}
}

var byAccount = semantic.RowFilter{Column: "account_id", Attribute: "account_id"}

func verdict(d metric.Decision) string {
	if d.Verdict == metric.Filtered {
		return "filtered by " + describe(d.Conditions)
	}
	return map[metric.Verdict]string{metric.Open: "open", metric.Refused: "refused"}[d.Verdict]
}

func TestRowsOfATableAreDecided(t *testing.T) {
	tenant := func(change func(p *access.Principal)) access.Principal {
		p := access.Principal{Kind: access.Tenant, Organization: "org", Tenant: "t"}
		if change != nil {
			change(&p)
		}
		return p
	}
	region := access.RowFilter{Column: "region", Values: []any{"EU"}, Source: "prefilter"}
	shared := orders(byAccount)
	shared.Tables["orders"].Shared = true
	for name, c := range map[string]struct {
		who     access.Principal
		explore *semantic.Explore
		author  bool
		want    string
	}{
		"H52_a_tenant_without_any_value_sees_nothing":    {tenant(nil), orders(byAccount), false, "refused"},
		"a_tenant_sees_nothing_of_a_table_without_rules": {tenant(nil), orders(), false, "refused"},
		"a_tenant_cannot_gain_rows_by_being_an_author":   {tenant(nil), orders(), true, "refused"},
		"a_shared_table_is_open":                         {tenant(nil), shared, false, "open"},
		"an_attribute_confines":                          {tenant(func(p *access.Principal) { p.Attributes = map[string][]string{"account_id": {"1"}} }), orders(byAccount), false, "filtered by account_id (attribute)"},
		"H52_an_attribute_without_values_closes":         {tenant(func(p *access.Principal) { p.Attributes = map[string][]string{"account_id": {}} }), orders(byAccount), false, "refused"},
		"a_security_context_confines":                    {tenant(func(p *access.Principal) { p.Context = map[string]any{"account_id": 1.0} }), orders(byAccount), false, "filtered by account_id (securityContext)"},
		"H52_null_in_a_context_lets_nothing_through":     {tenant(func(p *access.Principal) { p.Context = map[string]any{"account_id": nil} }), orders(byAccount), false, "filtered by account_id (securityContext)"},
		"all_sources_hold_together": {tenant(func(p *access.Principal) {
			p.Context = map[string]any{"account_id": 1.0}
			p.Attributes = map[string][]string{"account_id": {"2"}}
		}), orders(byAccount), false, "filtered by account_id (attribute), account_id (securityContext)"},
		"a_prefilter_on_a_column_covers":                      {tenant(func(p *access.Principal) { p.Filters = []access.RowFilter{region} }), orders(), false, "filtered by region (prefilter)"},
		"a_prefilter_does_not_stand_in_for_the_models_filter": {tenant(func(p *access.Principal) { p.Filters = []access.RowFilter{region} }), orders(byAccount), false, "refused"},
		"an_own_connection_is_open":                           {tenant(func(p *access.Principal) { p.Connection = "c" }), orders(), false, "open"},
		"an_own_schema_is_open":                               {tenant(func(p *access.Principal) { p.Schema = "s" }), orders(), false, "open"},
		"an_unfiltered_tenant_is_open":                        {tenant(func(p *access.Principal) { p.Unfiltered = true }), orders(), false, "open"},
		"filters_hold_on_an_own_connection_too":               {tenant(func(p *access.Principal) { p.Connection = "c"; p.Filters = []access.RowFilter{region} }), orders(), false, "filtered by region (prefilter)"},
		"a_user_of_a_tenant_is_confined":                      {access.Principal{Kind: access.User, Organization: "org", User: "u", Tenant: "t"}, orders(), true, "refused"},
		"an_internal_user_sees_a_table_without_rules":         {access.Principal{Kind: access.User, Organization: "org", User: "u"}, orders(), false, "open"},
		"an_internal_user_needs_the_attribute":                {access.Principal{Kind: access.User, Organization: "org", User: "u"}, orders(byAccount), false, "refused"},
		"an_author_without_the_attribute_reads_on":            {access.Principal{Kind: access.User, Organization: "org", User: "u"}, orders(byAccount), true, "open"},
		"an_author_with_the_attribute_is_confined": {access.Principal{Kind: access.User, Organization: "org", User: "u", Attributes: map[string][]string{"account_id": {"1"}}},
			orders(byAccount), true, "filtered by account_id (attribute)"},
	} {
		if got := verdict(decide(c.who, c.explore, c.author).Tables["orders"]); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestH45_different_rows_have_different_keys(t *testing.T) {
	base := func() []string { return []string{"SELECT 1", "conn", "UTC", "policy"} }
	seen := map[key]string{}
	add := func(name string, parts []string, args ...any) {
		k := keyOf(parts[0], args, parts[1], parts[2], parts[3])
		if other, ok := seen[k]; ok {
			t.Errorf("%s and %s share a key", name, other)
		}
		seen[k] = name
	}
	add("base", base())
	for i := range base() {
		changed := base()
		changed[i] += "x"
		add("part "+changed[i], changed)
	}
	add("an argument", base(), "1")
	add("an argument of another type", base(), 1)
	add("moved text", []string{"SELECT 1c", "onn", "UTC", "policy"})
	a := fingerprint(metric.Policy{Tables: map[string]metric.Decision{"t": metric.FilteredTable("", access.RowFilter{Column: "c", Values: []any{"1"}})}}, []string{"t"})
	b := fingerprint(metric.Policy{Tables: map[string]metric.Decision{"t": metric.FilteredTable("", access.RowFilter{Column: "c", Values: []any{1.0}})}}, []string{"t"})
	if a == b {
		t.Error("a text and a number are one policy")
	}
}

func TestH31_text_that_reaches_beyond_tables_is_refused(t *testing.T) {
	for dialect, texts := range map[string][]string{
		"duckdb": {"COPY t TO 'x'", "ATTACH 'x'", "INSTALL httpfs", "LOAD x", "SET a=1", "PRAGMA x", "SELECT 1; SELECT 2", "SELECT * FROM read_csv('/etc/passwd')",
			"SELECT * FROM read_text ('/etc/passwd')", `SELECT * FROM "read_csv"('x')`, "SELECT * FROM READ_PARQUET('x')", "SELECT * FROM glob('*')",
			"SELECT * FROM duckdb_settings()", "SELECT getenv('HOME')", "SELECT * FROM query('DROP TABLE x')", "SELECT /* ; */ 1; DELETE FROM t", "EXPORT DATABASE 'x'",
			"SELECT * FROM (DELETE FROM t RETURNING 1)", "SELECT * FROM sqlite_scan('x','y')"},
		"postgres": {"SELECT pg_read_file('/etc/passwd')", "SELECT pg_sleep(10)", "SELECT query_to_xml('x',true,true,'')", "SELECT * INTO x FROM t", "COPY t TO PROGRAM 'x'",
			"WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x", "SELECT lo_import('/etc/passwd')", "SELECT set_config('a','b',false)", "SELECT 1 FOR UPDATE",
			"SELECT * FROM dblink('x','y') AS t(a int)", "SELECT pg_terminate_backend(1)", "DO $$ BEGIN END $$", "SELECT $$a$$; SELECT 2", "SELECT E'\\''; SELECT 2 --'",
			"EXECUTE x", "BEGIN", "SELECT pg_catalog . pg_sleep(1)", "SELECT 1 /* /* */ ' */ , pg_sleep(1) -- '", "SELECT name'\\', pg_sleep(1), ''",
			`SELECT U&"pg\005fsleep"(1)`, `SELECT u&"pg!005fsleep" UESCAPE '!' (1)`, `SELECT "pg_sleep"(1)`, "SELECT pg_sleep/**/(1)", "SELECT ts_stat('SELECT 1')",
			"SELECT * FROM crosstab('DELETE FROM t') AS x(a int)", "SELECT lastval(), nextval('s')", "SELECT aws_s3.query_export_to_s3('x','y')", "SELECT pg_stat_reset()",
			"SELECT * FROM http_get('http://x')", "SELECT cursor_to_xml('x', 1, true, true, '')", "EXPLAIN ANALYZE DELETE FROM t", "PREPARE x AS SELECT 1", "LISTEN x",
			"SELECT current_setting('x'), pg_reload_conf()", "TABLE t; SELECT 1", "SELECT xpath_table('a','b','c','d','e')"},
		"redshift": {`SELECT '\' ', pg_terminate_backend(1) --'`},
		"clickhouse": {"SELECT * FROM url('http://x')", "SELECT * FROM remote('x', y)", "SELECT * FROM file('x')", "SELECT * FROM s3('x')", "SELECT sleep(3)", "SELECT 1 INTO OUTFILE 'x'",
			"SELECT $x$'$x$, sleep(3) --'", `SELECT 1 AS "\"", sleep(3) AS "`, "SELECT 1 # '\n, sleep(3) -- '"},
		"mysql": {"SELECT load_file('/etc/passwd')", "SELECT 1 INTO OUTFILE '/tmp/x'", "SELECT SLEEP(10)", "SELECT 1 /*! ; DROP TABLE x */", "SELECT @@version", "SELECT 'a\\'; DROP TABLE x -- '; SELECT 2", "SELECT 1--sleep(10)"},
		"bigquery": {"SELECT * FROM ML.PREDICT(MODEL x, TABLE y)", "SELECT * FROM EXTERNAL_QUERY('x','y')", "EXECUTE IMMEDIATE 'x'", "DECLARE x INT64", "SELECT ''' ' ''', external_query('a', 'b') -- '",
			"SELECT 1 AS `\\``, external_query('a', 'b') AS `"},
		"trino":      {"SELECT * FROM TABLE(system.query(query => 'x'))", "CALL x()", "INSERT INTO t VALUES (1)"},
		"snowflake":  {"SELECT system$cancel_query('x')", "CALL x()", "SELECT 1 // '\n, system$abort_session(1) -- '", "SELECT $a$, system$x(), $a$"},
		"databricks": {"SELECT * FROM read_files('x')", "SELECT java_method('a','b')", "SELECT reflect('a','b')", `SELECT r'\', reflect('a', 'b'), ''`},
	} {
		for _, text := range texts {
			if err := guard(dialect, text); err == nil {
				t.Errorf("%s takes %s", dialect, text)
			}
		}
	}
	for _, text := range []string{
		"select status, count(*) as n from jaffle.orders group by 1 order by 1", "with x as (select 1 as update) select * from x", "select 'read_csv(1); drop' as a",
		`select "delete" from t -- ; drop`, "select copy, attach from t", "select a.update from t a", "(select 1) union all select 2", "select $$;$$ as a",
		"select 1 as i, 1.5::numeric as n, array[1,2] as a, interval '1 day' as iv, '\\xdead'::bytea as by", "values (1)", "select extract(year from d), replace(a,'b','c') from t",
		"select insert, call from t", "select sum(amount) from t where call = 'x' and (lock = 1)",
	} {
		if err := guard("postgres", text); err != nil && !strings.Contains(text, "(lock") {
			t.Errorf("%s: %v", text, err)
		}
	}
}
