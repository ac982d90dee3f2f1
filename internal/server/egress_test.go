package server

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"slices"
	"strings"
	"testing"

	"inlay/internal/fault"
	"inlay/internal/warehouse"
)

// reaching are settings of every engine that this build has, all at one host.
func reaching(t *testing.T, host string) []warehouse.Settings {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	pemKey := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
	return []warehouse.Settings{
		{"type": "postgres", "host": host, "user": "u", "password": "p", "dbname": "d"},
		{"type": "redshift", "host": host, "user": "u", "password": "p", "dbname": "d"},
		{"type": "postgres", "host": "db", "user": "u", "password": "p", "dbname": "d", "useSshTunnel": true, "sshTunnelHost": host, "sshTunnelUser": "u", "sshTunnelPrivateKey": pemKey},
		{"type": "mysql", "host": host, "user": "u", "password": "p", "dbname": "d"},
		{"type": "trino", "host": host, "user": "u", "dbname": "d", "schema": "s", "http_scheme": "http", "port": 80},
		{"type": "clickhouse", "host": host, "user": "u", "password": "p", "schema": "d"},
		{"type": "databricks", "serverHostName": host, "httpPath": "/sql/1.0/warehouses/abc", "personalAccessToken": "t", "catalog": "c", "database": "d"},
	}
}

func TestH100_connections_made_over_the_API_reach_no_metadata_service(t *testing.T) {
	for name, c := range map[string]Config{
		"one organization": {}, "many": {ManyOrganizations: true}, "listed": {WarehouseHosts: []string{"169.254.0.0/16"}},
	} {
		for _, settings := range reaching(t, "169.254.169.254") {
			if reason := reach(t, c, settings); !strings.Contains(reason, "doesn't allow connections") {
				t.Errorf("%s, %s: %s", name, settings.Type(), reason)
			}
		}
	}
}

func TestH100_the_operators_network_is_closed_to_strangers(t *testing.T) {
	allows := func(c Config, settings warehouse.Settings) bool {
		return !strings.Contains(reach(t, c, settings), "doesn't allow connections")
	}
	for _, settings := range reaching(t, "127.0.0.1") { // nobody listens there, which takes no time to see
		settings["port"], settings["sshTunnelPort"] = 1, 1
		settings = plain(settings)
		if !allows(Config{}, settings) {
			t.Errorf("%s: one organization can't reach its own machine", settings.Type())
		}
		if allows(Config{ManyOrganizations: true}, settings) {
			t.Errorf("%s: strangers reach this machine", settings.Type())
		}
		if allows(Config{WarehouseHosts: []string{"*.example.com"}}, settings) {
			t.Errorf("%s: a list is passed by", settings.Type())
		}
		if !allows(Config{ManyOrganizations: true, WarehouseHosts: []string{"127.0.0.0/8"}}, settings) {
			t.Errorf("%s: what is listed can't be reached", settings.Type())
		}
	}
}

// plain leaves out the settings that an engine doesn't declare.
func plain(s warehouse.Settings) warehouse.Settings {
	if s.Type() == "databricks" {
		delete(s, "port")
	}
	if !s.Yes("useSshTunnel") {
		delete(s, "sshTunnelPort")
	}
	return s
}

// reach is why a connection can't be used.
func reach(t *testing.T, c Config, settings warehouse.Settings) string {
	t.Helper()
	open, err := c.warehouses()
	if err != nil {
		t.Fatal(err)
	}
	conn, err := open(t.Context(), settings)
	if err != nil {
		t.Fatal(settings.Type(), err)
	}
	defer func() { _ = conn.Close() }() // was never open
	err = conn.Ping(t.Context())
	if err == nil {
		return "it can be used"
	}
	return fault.As(err).Message
}

func TestH103_settings_are_those_that_drivers_declare(t *testing.T) {
	open, err := Config{Data: t.TempDir()}.warehouses()
	if err != nil {
		t.Fatal(err)
	}
	hostile := warehouse.Settings{
		"init_sql": "SELECT pg_read_file('/etc/passwd')", "options": "-c log_statement=all", "passfile": "/root/.pgpass", "service": "x", "sslkey": "/etc/ssl/key",
		"sslcertPath": "/etc/passwd", "allowAllFiles": true, "dsn": "user@unix(/tmp/x)/", "url": "http://169.254.169.254", "custom_user_agent": "x",
		"keyfile": "/etc/passwd", "privateKeyPath": "/root/.ssh/id_rsa", "extensions": "httpfs", "attach": "/etc", "proxyHost": "127.0.0.1", "krbsrvname": "x",
		"params": map[string]any{"allowAllFiles": "true"}, "additionalProperties": "x",
	}
	all := append(reaching(t, "db.example.com"), warehouse.Settings{"type": "duckdb", "path": "x.duckdb"})
	for _, settings := range all {
		for key, value := range hostile {
			asked := warehouse.Settings{key: value}
			for k, v := range settings {
				asked[k] = v
			}
			conn, err := open(t.Context(), asked)
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%s took %s (%v)", settings.Type(), key, err)
			}
			if err == nil {
				_ = conn.Close() // of the test
			}
		}
	}
	for _, path := range []string{"/etc/passwd", "../../etc/passwd", "md:", "https://evil.example/x.duckdb", "s3://b/x", ":memory:?x"} {
		if _, err := open(t.Context(), warehouse.Settings{"type": "duckdb", "path": path}); err == nil {
			t.Errorf("duckdb took the path %s", path)
		}
	}
	for _, host := range []string{"/var/run/postgresql", "", "h1,/tmp"} {
		for _, engine := range []string{"postgres", "mysql"} {
			conn, err := open(t.Context(), warehouse.Settings{"type": engine, "host": host, "user": "u", "password": "p", "dbname": "d"})
			if err == nil {
				err = conn.Ping(t.Context())
			}
			if err == nil || slices.Contains([]string{"/var/run/postgresql", ""}, host) && !fault.Is(err, fault.Invalid) {
				t.Errorf("%s took the host %q: %v", engine, host, err)
			}
		}
	}
}
