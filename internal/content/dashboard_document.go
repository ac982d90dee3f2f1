package content

import (
	"bytes"
	"encoding/json"
	"slices"

	"inlay/internal/metric"
)

// storedDashboard is how a version lies in the database.
type storedDashboard struct {
	Tiles      []storedTile      `json:"tiles"`
	Tabs       []storedTab       `json:"tabs"`
	Filters    storedFilters     `json:"filters"`
	Parameters metric.Parameters `json:"parameters,omitempty"`
}

type storedTab struct {
	UUID  string `json:"uuid"`
	Name  string `json:"name"`
	Order int    `json:"order"`
}

type storedFilters struct {
	Dimensions   []json.RawMessage `json:"dimensions"`
	Metrics      []json.RawMessage `json:"metrics"`
	Calculations []json.RawMessage `json:"tableCalculations"`
}

type storedTile struct {
	UUID      string  `json:"uuid"`
	Type      string  `json:"type"`
	X         int     `json:"x"`
	Y         int     `json:"y"`
	H         int     `json:"h"`
	W         int     `json:"w"`
	Tab       *string `json:"tabUuid"`
	Title     *string `json:"title,omitempty"`
	HideTitle bool    `json:"hideTitle,omitempty"`
	Chart     *string `json:"chartUuid,omitempty"`
	Content   string  `json:"content,omitempty"`
	URL       string  `json:"url,omitempty"`
}

func (d DashboardDocument) store() (string, error) {
	stored := storedDashboard{Tiles: storeTiles(d.Tiles), Tabs: []storedTab{}, Filters: storedFilters(d.Filters), Parameters: d.Parameters}
	for _, t := range d.Tabs {
		stored.Tabs = append(stored.Tabs, storedTab(t))
	}
	data, err := json.Marshal(stored)
	return string(data), err
}

func storeTiles(tiles []Tile) []storedTile {
	stored := []storedTile{}
	for _, t := range tiles {
		stored = append(stored, storedTile{t.UUID, t.Type, t.X, t.Y, t.H, t.W, t.Tab, t.Title, t.HideTitle, t.Chart, t.Content, t.URL})
	}
	return stored
}

func tilesOf(stored []storedTile) []Tile {
	var tiles []Tile
	for _, t := range stored {
		tiles = append(tiles, Tile{UUID: t.UUID, Type: t.Type, X: t.X, Y: t.Y, H: t.H, W: t.W, Tab: t.Tab,
			Title: t.Title, HideTitle: t.HideTitle, Chart: t.Chart, Content: t.Content, URL: t.URL})
	}
	return tiles
}

func dashboardDocument(text string) (DashboardDocument, error) {
	var stored storedDashboard
	if err := json.Unmarshal([]byte(text), &stored); err != nil {
		return DashboardDocument{}, err
	}
	d := DashboardDocument{Tiles: tilesOf(stored.Tiles), Filters: DashboardFilters(stored.Filters), Parameters: stored.Parameters}
	for _, t := range stored.Tabs {
		d.Tabs = append(d.Tabs, Tab(t))
	}
	slices.SortStableFunc(d.Tabs, func(a, b Tab) int { return a.Order - b.Order })
	return d, nil
}

// targetsOf gives a filter's settings by tile, and the filter with others in their place.
func targetsOf(filter json.RawMessage) (map[string]json.RawMessage, func(map[string]json.RawMessage) json.RawMessage) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(filter, &fields) != nil || fields["tileTargets"] == nil {
		return nil, nil
	}
	var targets map[string]json.RawMessage
	if json.Unmarshal(fields["tileTargets"], &targets) != nil {
		return nil, nil
	}
	return targets, func(other map[string]json.RawMessage) json.RawMessage {
		var err error
		if fields["tileTargets"], err = json.Marshal(other); err != nil {
			return filter
		}
		changed, err := json.Marshal(fields)
		if err != nil {
			return filter
		}
		return changed
	}
}

// retarget renames the tiles that filters are aimed at and drops the targets whose tile is gone.
func (f DashboardFilters) retarget(rename func(tile string) (string, bool)) DashboardFilters {
	change := func(filters []json.RawMessage) []json.RawMessage {
		changed := make([]json.RawMessage, len(filters))
		for i, filter := range filters {
			changed[i] = bytes.Clone(filter)
			targets, with := targetsOf(filter)
			if with == nil {
				continue
			}
			kept := map[string]json.RawMessage{}
			for tile, target := range targets {
				if renamed, ok := rename(tile); ok {
					kept[renamed] = target
				}
			}
			changed[i] = with(kept)
		}
		return changed
	}
	return DashboardFilters{Dimensions: change(f.Dimensions), Metrics: change(f.Metrics), Calculations: change(f.Calculations)}
}
