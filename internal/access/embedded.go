package access

import "slices"

// Editing permissions of a tenant that decide something here, by their documented names.
const (
	ReadOnly    = "readOnly"       // overrides all others
	CreateChart = "createChart"    // make a chart of one's own, so also explore
	CreateSQL   = "createChartSQL" // read by SELECTs of one's own, over nothing but one's own rows
	EditCharts  = "editCharts"     // change a chart of one's own; move and title what a dashboard shows
	RemoveChart = "removeChart"    // delete charts and dashboards of one's own; take tiles off a dashboard
	AddChart    = "addChart"       // make a dashboard of one's own; put tiles on a dashboard
	AddFilter   = "addFilter"
	EditName    = "editDashboardName"
	DisableTabs = "disableTabs" // restricts: no tabs are shown or changed
	DrillDown   = "drillDown"
	ExportData  = "exportCsv" // ours: exports are not among the documented names
)

// EditTabs is what a change of tabs needs: EditCharts, and no DisableTabs. It isn't a name of the documentation.
const EditTabs = "editTabs"

// Permits tells whether an embedded principal was given an editing permission. ReadOnly overrides all but drilling.
func (p Principal) Permits(name string) bool {
	if name == EditTabs {
		return p.Permits(EditCharts) && !p.Permissions[DisableTabs]
	}
	return p.Permissions[name] && (name == DrillDown || !p.Permissions[ReadOnly])
}

// embeddedCan is what an embedding session may do at most: look at what it is confined to, and the acts that its
// permissions name, on the tenant's own content. It never may write SQL that runs as it is, whatever its permissions are called.
func embeddedCan(who Principal, action Action, thing Thing) bool {
	switch thing.Subject {
	case Dashboard, SavedChart:
		if action == View {
			return who.shown(thing)
		}
		return who.Scope == nil && who.edits(action, thing)
	case Space:
		return action == View && who.Scope == nil && who.shown(thing)
	case Project:
		return action == View && who.Project != "" && who.Project == thing.Project
	case UnderlyingData:
		return action == View && who.Permits(DrillDown)
	case Explore:
		return who.Scope == nil && who.Permits(CreateChart)
	case ExportCsv:
		return who.Permits(ExportData)
	}
	return false
}

// edits tells whether the tenant may change its own content: what belongs to everybody stays as it is for everybody.
func (p Principal) edits(action Action, thing Thing) bool {
	if p.Kind != Tenant || thing.Tenant == "" || thing.Tenant != p.Tenant {
		return false
	}
	needs := slices.Clone(thing.Changes)
	switch {
	case action == Delete:
		needs = append(needs, RemoveChart)
	case action == Create && thing.Subject == SavedChart:
		needs = append(needs, CreateChart)
	case action == Create:
		needs = append(needs, AddChart)
	case action == Update && thing.Subject == SavedChart:
		needs = append(needs, EditCharts)
	case action != Update:
		return false
	}
	return len(needs) > 0 && !slices.ContainsFunc(needs, func(name string) bool { return !p.Permits(name) })
}

// shown tells whether an embedded principal sees a thing: what its scope names, wherever that lies; without a scope,
// what isn't private, and the tenant's own.
func (p Principal) shown(thing Thing) bool {
	if p.Scope == nil {
		return thing.Public || thing.Tenant != "" && thing.Tenant == p.Tenant
	}
	return p.Scope.shows(thing)
}

// shows tells whether a dashboard or chart is in the scope.
func (s *Scope) shows(thing Thing) bool {
	if thing.Subject == Dashboard {
		return thing.UUID != "" && slices.Contains(s.Dashboards, thing.UUID)
	}
	inDashboard := func(id string) bool { return slices.Contains(s.Dashboards, id) }
	return thing.UUID != "" && slices.Contains(s.Charts, thing.UUID) || slices.ContainsFunc(thing.Dashboards, inDashboard)
}
