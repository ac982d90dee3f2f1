package project

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"inlay/internal/fault"
	"inlay/internal/warehouse"
)

// Source says where a project's models come from: the fields of dbtConnection as the API names them, with secrets.
type Source map[string]any

// Kinds of source. The others that the API knows are kept, and can't be compiled here: their projects are deployed
// from outside.
const (
	DbtFolder  = "dbt"      // a folder with a compiled manifest.json, in it or in target/
	YAMLFolder = "yaml"     // a folder of native models
	Manifest   = "manifest" // a manifest that came with the request
	Deployed   = "none"     // explores come from outside
)

var sourceKinds = []string{
	DbtFolder, YAMLFolder, Manifest, Deployed, "dbt_cloud_ide", "github", "gitlab", "bitbucket", "azure_devops",
}

// Kind is the type of the source.
func (s Source) Kind() string { return text(s, "type") }

// shape says which fields of a connection are secret, and which say where the secrets are sent. Which settings an
// engine has at all is its driver's to say: it refuses the others when the connection is opened.
type shape struct {
	secret  []string // never returned; kept when an update leaves them out
	address []string // a changed one asks for the secrets again
}

var sourceShape = shape{
	secret:  []string{"personal_access_token", "api_key", "manifest"},
	address: []string{"type", "host_domain", "organization", "project", "repository", "environment_id"},
}

var warehouseShape = shape{
	secret: []string{"user", "password", "keyfileContents", "personalAccessToken", "privateKey", "privateKeyPass",
		"sshTunnelPrivateKey", "sslcert", "sslkey", "sslrootcert", "token"},
	address: []string{"type", "host", "port", "account", "accessUrl", "serverHostName", "httpPath",
		"http_scheme", "secure", "useSshTunnel", "sshTunnelHost", "sshTunnelPort"},
}

var semanticLayerShape = shape{secret: []string{"token"}, address: []string{"type", "domain"}}

// check refuses connections of no known type, and settings of another kind than is read. Faults: Invalid.
func check(source Source, settings warehouse.Settings) error {
	if !slices.Contains(sourceKinds, source.Kind()) {
		return fault.New(fault.Invalid, "dbtConnection.type must be one of %s", strings.Join(sourceKinds, ", "))
	}
	for _, name := range []string{"project_dir", "path", "manifest"} {
		if value := source[name]; value != nil && text(source, name) == "" && value != "" {
			return fault.New(fault.Invalid, "dbtConnection.%s must be text", name)
		}
	}
	return settings.Check()
}

// public is what may be shown of settings.
func (known shape) public(settings map[string]any) map[string]any {
	shown := maps.Clone(settings)
	for _, name := range known.secret {
		delete(shown, name)
	}
	return shown
}

// keep fills secrets that an update leaves out from the stored settings. A secret is never carried to another
// address: whoever moves a connection must know its secrets. Faults: Invalid.
func (known shape) keep(what string, given, stored map[string]any) error {
	for _, name := range known.secret {
		old, had := stored[name]
		if value, ok := given[name]; !had || ok && value != nil && value != "" {
			continue
		}
		for _, place := range known.address {
			if !same(given[place], stored[place]) {
				return fault.New(fault.Invalid, "%s.%s must be given again when %s changes", what, name, place)
			}
		}
		given[name] = old
	}
	return nil
}

// PublicSource is what may be shown of the source.
func (p Project) PublicSource() map[string]any { return sourceShape.public(p.Source) }

// PublicWarehouse is what may be shown of the connection's settings.
func (p Project) PublicWarehouse() map[string]any { return warehouseShape.public(p.Warehouse) }

// PublicSemanticLayer is what may be shown of the other semantic layer's connection; nil when there is none.
func (p Project) PublicSemanticLayer() map[string]any {
	return semanticLayerShape.public(p.SemanticLayer)
}

// identity names a connection for pools and cache keys: equal settings are one connection.
func identity(settings warehouse.Settings) string {
	data, _ := json.Marshal(settings) // settings came from JSON; keys are sorted
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:16])
}

func same(a, b any) bool {
	left, _ := json.Marshal(a)
	right, _ := json.Marshal(b)
	return string(left) == string(right)
}

func text(settings map[string]any, name string) string {
	value, _ := settings[name].(string)
	return value
}
