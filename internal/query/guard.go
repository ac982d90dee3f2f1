package query

import (
	"slices"
	"strings"

	"inlay/internal/fault"
	"inlay/internal/warehouse"
)

// guard refuses text that isn't one statement that only reads tables. Drivers run it read-only too; this keeps out what
// read-only SQL can still do: read files and other systems, sleep, stop others, change the session.
func guard(dialect, sql string) error {
	if err := warehouse.Reads(sql); err != nil {
		return err
	}
	if strings.ContainsRune(sql, 0) {
		return warehouse.Rejected(nil, "The text holds a character that SQL can't have", 0, 0)
	}
	words := warehouse.Tokens(dialect, sql)
	for i, w := range words {
		calls := i+1 < len(words) && words[i+1].Text == "("
		name := strings.ToLower(w.Text)
		switch {
		case w.Kind == warehouse.Symbol && w.Text == ";":
			return guarded(sql, w, "Only one statement can be run at a time")
		case w.Kind == warehouse.Symbol && w.Text == "@":
			return guarded(sql, w, "Session variables can't be used here")
		case w.Kind == warehouse.Word && slices.Contains(forbiddenWords, name) && !calls && follows(words, i, name):
			return guarded(sql, w, "%q can't be used here", w.Text)
		case calls && w.Kind != warehouse.Symbol && (forbiddenCall(dialect, name) || forbiddenCall(dialect, qualified(words, i))):
			return guarded(sql, w, "The function %s can't be used here", w.Text)
		}
	}
	return nil
}

func guarded(sql string, at warehouse.Token, format string, args ...any) error {
	f := fault.Coded(fault.Invalid, "WarehouseQuery", format, args...)
	line, char := warehouse.Place(sql, len([]rune(sql[:at.Start]))+1)
	f.Data = map[string]any{"lineNumber": line, "charNumber": char}
	return f
}

// forbiddenWords begin parts of a statement that write or lock, wherever they stand.
var forbiddenWords = []string{"into", "outfile", "dumpfile", "insert", "update", "delete", "merge", "copy", "attach", "install", "execute",
	"grant", "truncate", "vacuum", "call", "lock"}

// follows tells whether a forbidden word stands where it can't be the name of a column: columns called update or copy
// are fine.
func follows(words []warehouse.Token, i int, name string) bool {
	if i == 0 {
		return true
	}
	before := words[i-1]
	switch name {
	case "into", "outfile", "dumpfile":
		return before.Text != "." && before.Text != ","
	case "update", "lock": // SELECT … FOR UPDATE, WITH x AS (UPDATE …)
		return before.Text == "(" || strings.EqualFold(before.Text, "for")
	}
	return before.Text == "("
}

// qualified is the name of a function with that of the place it stands in: ml.predict.
func qualified(words []warehouse.Token, i int) string {
	if i < 2 || words[i-1].Text != "." {
		return ""
	}
	return strings.ToLower(words[i-2].Text + "." + words[i].Text)
}

// forbiddenCall tells whether a function reaches beyond tables.
func forbiddenCall(dialect, name string) bool {
	for _, pattern := range append(forbiddenCalls[""], forbiddenCalls[dialect]...) {
		if head, open := strings.CutSuffix(pattern, "*"); (open && strings.HasPrefix(name, head)) || name == pattern {
			return true
		}
	}
	return false
}

// forbiddenCalls by dialect; those of no dialect are for all. A star stands for any ending.
var forbiddenCalls = map[string][]string{
	"":           {"sleep", "pg_sleep*", "benchmark", "load_file", "query_to_xml*", "dblink*", "set_config", "getenv", "external_query", "java_method", "reflect"},
	"duckdb":     {"read_*", "parquet_scan", "parquet_*", "csv_*", "glob", "sniff_csv", "query", "query_table", "duckdb_*", "pragma_*", "sqlite_*", "postgres_*", "mysql_*", "iceberg_*", "delta_*", "which_secret", "json_execute_serialized_sql", "seq_scan", "arrow_scan", "pandas_scan", "currval", "nextval"},
	"postgres":   postgresCalls,
	"redshift":   slices.Concat(postgresCalls, []string{"explain_model"}),
	"clickhouse": {"url*", "remote*", "file*", "s3*", "gcs", "mysql", "postgresql", "jdbc", "odbc", "hdfs*", "executable*", "input", "cluster*", "mongodb", "redis", "sqlite", "azureblobstorage*", "iceberg*", "deltalake*", "hudi*", "dictionary", "merge", "sleep*", "ytsaurus*", "paimon*", "arrowflight*", "generaterandom"},
	"mysql":      {"get_lock", "release_lock", "release_all_locks", "sys_exec", "sys_eval", "master_pos_wait", "source_pos_wait", "updatexml", "extractvalue"},
	"trino":      {"query", "execute", "procedure", "raw_query"},
	"snowflake":  {"system$*", "result_scan", "infer_schema", "get_ddl"},
	"databricks": {"read_files", "http_request", "ai_*", "java_method", "remote_query", "list_secrets", "secret", "try_secret", "read_kafka", "read_kinesis", "read_pubsub", "read_pulsar"},
	"bigquery":   {"ml.*", "ai.*", "keys.*", "session_user"},
}

var postgresCalls = []string{
	"pg_read_*", "pg_ls_*", "pg_stat_file", "lo_*", "table_to_xml*", "database_to_*", "schema_to_*", "cursor_to_*", "query_to_*",
	"pg_terminate_backend", "pg_cancel_backend", "pg_reload_conf", "pg_rotate_logfile", "pg_logical_*", "pg_create_*", "pg_drop_*", "pg_replication_*",
	"pg_advisory_*", "pg_try_advisory_*", "pg_notify", "pg_promote", "pg_wal_*", "pg_switch_wal", "pg_export_snapshot", "nextval", "setval", "pg_file_*", "pg_execute*",
	"pg_hba_file_rules", "pg_show_all_settings", "pg_config", "pg_get_backend_memory_contexts", "adminpack", "plpy*", "xpath_table",
	"ts_stat", "ts_rewrite", "crosstab*", "connectby", "http", "http_*", "query_export_to_s3", "table_import_from_s3", "invoke", "pg_stat_reset*", "pg_stat_statements_reset",
	"pg_backup_*", "pg_start_backup", "pg_stop_backup", "pg_log_*", "pg_current_logfile", "pg_prewarm", "pg_truncate_*", "pg_import_*",
}
