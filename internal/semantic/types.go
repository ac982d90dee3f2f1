package semantic

import "strings"

// typeNames lists, for one dialect, the engine's names of types that aren't text.
type typeNames struct {
	number, date, timestamp, boolean string // words, parted by spaces; several words joined by _
	word                             func(string) string
}

// The reference server's tables; duckdb, clickhouse and mysql are ours.
var typesOf = map[string]typeNames{
	"postgres": {
		number: "decimal numeric integer money smallserial serial serial2 serial4 serial8 bigserial int2 int4 int8 " +
			"bigint smallint float float4 float8 double_precision real",
		date:      "date",
		timestamp: "time timetz timestamp timestamptz time_without_time_zone timestamp_without_time_zone",
		boolean:   "boolean bool",
		word:      strings.ToLower,
	},
	"bigquery": {
		number: "INTEGER INT64 FLOAT FLOAT64 NUMERIC BIGNUMERIC BYTES", date: "DATE",
		timestamp: "TIMESTAMP DATETIME TIME", boolean: "BOOL BOOLEAN", word: beforeParenthesis,
	},
	"snowflake": {
		number: "NUMBER DECIMAL NUMERIC INTEGER INT BIGINT SMALLINT FLOAT DOUBLE REAL FIXED",
		date:   "DATE", timestamp: "DATETIME TIME TIMESTAMP", boolean: "BOOLEAN", word: leadingCapitals,
	},
	"databricks": {
		number: "TINYINT SHORT SMALLINT INT INTEGER BIGINT LONG FLOAT REAL DOUBLE DECIMAL DEC NUMERIC",
		date:   "DATE", timestamp: "TIMESTAMP", boolean: "BOOLEAN", word: leadingCapitals,
	},
	"trino": {
		number: "tinyint smallint integer bigint real double decimal", date: "date",
		timestamp: "timestamp timestamp_with_time_zone", boolean: "boolean", word: withoutParentheses,
	},
	"duckdb": {
		number: "tinyint smallint integer bigint hugeint utinyint usmallint uinteger ubigint uhugeint float double " +
			"decimal numeric real int int1 int2 int4 int8 bignum",
		date:      "date",
		timestamp: "timestamp datetime timestamp_s timestamp_ms timestamp_ns timestamp_us timestamp_with_time_zone timestamptz time",
		boolean:   "boolean bool", word: withoutParentheses,
	},
	"clickhouse": {
		number: "int8 int16 int32 int64 int128 int256 uint8 uint16 uint32 uint64 uint128 uint256 float32 float64 " +
			"bfloat16 decimal decimal32 decimal64 decimal128 decimal256",
		date: "date date32", timestamp: "datetime datetime64", boolean: "bool boolean", word: clickhouseType,
	},
	"mysql": {
		number: "tinyint smallint mediumint int integer bigint largeint decimal numeric float double real year",
		date:   "date datev2", timestamp: "datetime datetimev2 timestamp", boolean: "bool boolean", word: mysqlType,
	},
}

// sameAs lists dialects whose types are those of another.
var sameAs = map[string]string{
	"redshift": "postgres", "spark": "databricks", "athena": "trino", "mariadb": "mysql", "starrocks": "mysql", "doris": "mysql",
}

// TypeOf is the type of a dimension over a column of the engine's type. What isn't known is text.
func TypeOf(dialect, engineType string) Type {
	if same, ok := sameAs[dialect]; ok {
		dialect = same
	}
	names, ok := typesOf[dialect]
	if !ok {
		return String
	}
	word := strings.ReplaceAll(names.word(strings.TrimSpace(engineType)), " ", "_")
	for _, candidate := range []struct {
		words string
		t     Type
	}{{names.number, Number}, {names.date, Date}, {names.timestamp, Timestamp}, {names.boolean, Boolean}} {
		for known := range strings.SplitSeq(candidate.words, " ") {
			if known == word {
				return candidate.t
			}
		}
	}
	return String
}

func beforeParenthesis(t string) string {
	t, _, _ = strings.Cut(strings.ToUpper(t), "(")
	return t
}

// leadingCapitals cuts TIMESTAMP_NTZ(9) to TIMESTAMP.
func leadingCapitals(t string) string {
	t = strings.ToUpper(t)
	if end := strings.IndexFunc(t, func(r rune) bool { return r < 'A' || r > 'Z' }); end >= 0 {
		return t[:end]
	}
	return t
}

// withoutParentheses makes timestamp(3) with time zone the same type as timestamp with time zone; an array isn't.
func withoutParentheses(t string) string {
	t = strings.ToLower(t)
	if open := strings.IndexByte(t, '('); open >= 0 {
		if length := strings.IndexByte(t[open:], ')'); length >= 0 {
			return t[:open] + t[open+length+1:]
		}
	}
	return t
}

// clickhouseType unwraps LowCardinality(Nullable(T)).
func clickhouseType(t string) string {
	t = strings.ToLower(t)
	for _, wrapper := range []string{"lowcardinality(", "nullable("} {
		if inner, ok := strings.CutPrefix(t, wrapper); ok {
			t = strings.TrimSuffix(inner, ")")
		}
	}
	return withoutParentheses(t)
}

// mysqlType reads tinyint(1) as what it stands for and drops "unsigned".
func mysqlType(t string) string {
	t = strings.ToLower(t)
	if strings.HasPrefix(t, "tinyint(1)") {
		return "boolean"
	}
	t, _, _ = strings.Cut(withoutParentheses(t), " ")
	return t
}
