package metric

import (
	"strings"
	"testing"

	"inlay/internal/semantic"
)

func expressionExplore() *semantic.Explore {
	dimension := func(name string, sql semantic.SQL) *semantic.Dimension {
		return &semantic.Dimension{Table: "orders", Name: name, Type: semantic.Number, SQL: sql}
	}
	return &semantic.Explore{Name: "orders", BaseTable: "orders", Tables: map[string]*semantic.Table{"orders": {
		Name: "orders", Relation: "orders", PrimaryKey: []string{"id"},
		Dimensions: map[string]*semantic.Dimension{
			"id":     dimension("id", "${TABLE}.id"),
			"amount": dimension("amount", "${TABLE}.amount"),
			"margin": dimension("margin", "weird_function(${TABLE}.secret) /* ours */"),
		},
		Metrics: map[string]*semantic.Metric{"revenue": {Table: "orders", Name: "revenue", Type: semantic.Sum, SQL: "${TABLE}.amount"}},
	}}}
}

func parse(sql string, trusted bool) (*SQL, error) {
	r := &resolver{explore: expressionExplore(), options: &Options{TrustSQL: trusted}, dimensions: map[*semantic.Dimension]*DimensionExpr{}}
	return r.written("orders", semantic.SQL(sql), "test", r.dimensionLookup("orders"))
}

func TestExpressionsOfAnybodyAreAccepted(t *testing.T) {
	for _, sql := range []string{
		"${TABLE}.amount", "${orders.amount} * 1.2", "${amount}/NULLIF(${id}, 0)", "weird_function(${TABLE}.secret) /* ours */",
		"CASE WHEN ${amount} > 10 AND NOT ${id} IS NULL THEN 'it''s; -- big' ELSE 'small' END",
		"CASE ${id} WHEN 1 THEN 2 END", "CAST(${amount} AS NUMERIC(10,2))", "${amount}::double precision", "- ${amount} + 1e3",
		"SUM(${amount}) OVER (PARTITION BY ${id}, ${amount} ORDER BY ${id} DESC NULLS LAST ROWS BETWEEN 3 PRECEDING AND CURRENT ROW)",
		"COUNT(*)", "COUNT(DISTINCT ${id})", "COUNT(${id}) FILTER (WHERE ${amount} > 1)", "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY ${amount})",
		"${id} IN (1, 2) OR ${id} NOT BETWEEN 5 AND 6", "${id} IS NOT DISTINCT FROM 3", "EXTRACT(YEAR FROM CURRENT_DATE) - 1",
		"DATE '2024-01-01' + INTERVAL '1 day'", "CURRENT_DATE - INTERVAL 3 DAY", "DATE_TRUNC('month', CURRENT_TIMESTAMP)", "'${orders.nope}'",
	} {
		if _, err := parse(sql, false); err != nil {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

func TestWhatReadsOrDoesMoreIsRefusedToAnybody(t *testing.T) {
	for _, sql := range []string{
		"", "(SELECT 1)", "${amount} FROM secrets", "1; DROP TABLE x", "1 -- comment", "1 /* c */", "EXISTS (SELECT 1)",
		"pg_read_file('/etc/passwd')", "query_to_xml('select 1', true, true, '')", "current_setting('x')", "pg_sleep(10)", "version()",
		"secret", "orders.amount", "${TABLE}.secret", "${TABLE}", "${TABLE}.amount.x", `"orders".amount`, "`orders`.amount", "${orders.nope}",
		"$$x$$", "E'\\''", "U&'x'", "x'41'", "1)", "(1", "'open", "CASE WHEN 1 THEN 2", "CAST(1 AS regclass)", "1::regclass",
		"${ld.attr.team}", "${ld.user.email}", "ARRAY[1]", "{fn now()}", "@@version", "1 UNION SELECT 2", "COUNT(*) FROM x", "SUM(1) OVER w",
		"repeat('x', 1000000000)", "1 # x", "a\x00b", "NOT", strings.Repeat("(", 500) + "1" + strings.Repeat(")", 500), strings.Repeat("1+", 9000) + "1",
	} {
		if made, err := parse(sql, false); err == nil {
			t.Errorf("%q was accepted as %v", sql, made.Parts)
		}
	}
}

func TestTextOfWhoMayWriteSQLMustStayInItsPlace(t *testing.T) {
	for _, sql := range []string{"STRING_AGG(${TABLE}.x, ',' ORDER BY 1)", "(SELECT MAX(y) FROM z)", "x->>'a'", "NOW()::date + time '10:00'"} {
		if _, err := parse(sql, true); err != nil {
			t.Errorf("%s: %v", sql, err)
		}
	}
	for _, sql := range []string{"", "1) FROM x --", "1; SELECT 2", "(1", "1)", "'x", `"x`, "/* x", "1 -- x", "'\\'); --", "x ] [", "$$ ) $$", "a\x00"} {
		if _, err := parse(sql, true); err == nil {
			t.Errorf("%q was accepted", sql)
		}
	}
}

// FuzzExpression holds the grammar to its promise: whatever text is accepted, the words written verbatim are words of
// the lists, and nothing starts a comment, a quote or a statement.
func FuzzExpression(f *testing.F) {
	for _, seed := range []string{"${amount} * 2", "CASE WHEN 'a''b' LIKE '%' THEN 1 END", "SUM(1) OVER (ORDER BY ${id})", "(SELECT 1)", "1--1", "1- -1", "'\\'"} {
		f.Add(seed)
	}
	allowed := set(`OR AND NOT IS NULL TRUE FALSE DISTINCT FROM IN LIKE ILIKE BETWEEN CASE WHEN THEN ELSE END CAST AS EXTRACT INTERVAL TIMESTAMP
		CURRENT_DATE CURRENT_TIMESTAMP PRECISION ORDER BY ASC DESC NULLS FIRST LAST WITHIN GROUP FILTER WHERE OVER PARTITION ROWS RANGE
		UNBOUNDED CURRENT ROW PRECEDING FOLLOWING`)
	for _, part := range dateParts {
		allowed[part] = true
	}
	f.Fuzz(func(t *testing.T, sql string) {
		made, err := parse(sql, false)
		if err != nil || strings.Contains(sql, "weird_function") {
			return
		}
		depth := 0
		for _, p := range made.Parts {
			if p.Kind != Verbatim {
				continue
			}
			if strings.ContainsAny(p.Text, "'\"`;\\$#@[]{}") || strings.Contains(p.Text, "--") || strings.Contains(p.Text, "/*") {
				t.Fatalf("%q became %q", sql, p.Text)
			}
			depth += strings.Count(p.Text, "(") - strings.Count(p.Text, ")")
			for _, word := range strings.FieldsFunc(p.Text, func(r rune) bool { return r > 127 || !isLetter(byte(r)) && !isDigit(byte(r)) && r != '.' }) {
				if isLetter(word[0]) && !allowed[word] && !functions[word] && !castTypes[word] {
					t.Fatalf("%q became %q: the word %q", sql, p.Text, word)
				}
			}
		}
		if depth != 0 {
			t.Fatalf("%q isn't balanced", sql)
		}
	})
}
