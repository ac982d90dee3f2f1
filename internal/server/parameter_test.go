package server_test

import "testing"

const chosen = `type: model
name: chosen_products
sql_from: main.products
primary_key: [product_id]
shared: true
parameters:
  least: {type: number, default: 1, allow_custom_values: true}
  unused: {type: number, default: 1}
  kind: {label: Kind of product, options: [a, b], default: a}
sql_filter: ${TABLE}.list_price >= ${ld.parameters.chosen_products.least}
dimensions:
  - {name: name, type: string}
  - {name: of_kind, type: boolean, sql: "${TABLE}.name = ${ld.parameters.chosen_products.kind}"}
`

func TestTheParametersOfAProjectAreTold(t *testing.T) {
	w := open(t, chosen)
	path := "/api/v2/projects/" + w.facts.Project + "/parameters"
	var all map[string]struct {
		Type    string
		Options []string
	}
	w.got(&all, "GET", path, "")
	if len(all) != 2 || all["chosen_products.least"].Type != "number" || len(all["chosen_products.kind"].Options) != 2 {
		t.Errorf("%+v", all)
	}
	all = nil
	w.got(&all, "GET", path+"?names=chosen_products.kind&names=unknown", "")
	if _, ok := all["chosen_products.kind"]; !ok || len(all) != 1 {
		t.Errorf("by name: %+v", all)
	}
	var page struct {
		Data       []struct{ Name, Source, ModelName, Label string }
		Pagination struct{ Page, TotalPageCount, TotalResults int }
	}
	w.got(&page, "GET", path+"/list?sortOrder=desc&page=2&pageSize=1", "")
	if len(page.Data) != 1 || page.Data[0].Name != "chosen_products.kind" || page.Data[0].Source != "model" || page.Data[0].ModelName != "chosen_products" ||
		page.Pagination.TotalPageCount != 2 || page.Pagination.TotalResults != 2 {
		t.Errorf("a page: %+v", page)
	}
	w.got(&page, "GET", path+"/list?search=KIND+of", "")
	if len(page.Data) != 1 || page.Data[0].Label != "Kind of product" {
		t.Errorf("a search: %+v", page)
	}
	w.refused(422, w.admin(), "GET", path+"/list?page=0&pageSize=1", "")
}
