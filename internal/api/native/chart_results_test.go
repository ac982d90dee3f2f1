package native

import (
	"encoding/json"
	"strings"
	"testing"

	"inlay/internal/access"
	"inlay/internal/semantic"
)

func TestEmbeddedPrincipalsAreNotShownTheSQLBehindAChart(t *testing.T) {
	e := &semantic.Explore{Name: "orders", BaseTable: "orders", Tables: map[string]*semantic.Table{"orders": {
		Name: "orders", Label: "Orders", Relation: "secret.relation", SQLFilter: "secret_filter",
		RowFilters: []semantic.RowFilter{{Column: "secret_column", Attribute: "secret_attribute"}},
		Dimensions: map[string]*semantic.Dimension{
			"status": {Table: "orders", Name: "status", Label: "Status", SQL: "secret_dimension"},
			"hidden": {Table: "orders", Name: "secret_hidden", Hidden: true},
		},
		Metrics: map[string]*semantic.Metric{"revenue": {Table: "orders", Name: "revenue", Label: "Revenue", SQL: "secret_metric"}},
	}}}
	for who, shown := range map[access.Kind]bool{access.User: true, access.Tenant: false} {
		text, err := json.Marshal(exploreFor(access.Principal{Kind: who}, e))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "secret") != shown {
			t.Errorf("kind %d is shown %s", who, text)
		}
		if !strings.Contains(string(text), "Status") || !strings.Contains(string(text), "Revenue") {
			t.Errorf("kind %d misses the labels in %s", who, text)
		}
	}
}
