package semantic

import "cmp"

// ConfigFile is the name of the file beside the models that holds what counts for the whole project.
const ConfigFile = "lightdash.config.yml"

// config is what the project says about all of its models.
type config struct {
	parameters      map[string]*Parameter
	caseInsensitive bool
}

// readConfig reads the project's own file. Keys of it that serve other programs are passed over.
func (s *Source) readConfig(data []byte) {
	docs, errs := documents(data)
	for _, err := range errs {
		s.problems = append(s.problems, Problem{Type: parseProblem, Message: err.Error(), File: ConfigFile, Line: lineOf(err)})
	}
	r := &reader{file: ConfigFile, model: "the project", strict: true}
	for _, doc := range docs {
		top := r.mapping(doc, "")
		s.config.parameters = parameters(top, "")
		if sensitive := top.child("defaults").flag("case_sensitive"); sensitive != nil {
			s.config.caseInsensitive = !*sensitive
		}
	}
	for _, p := range r.problems {
		p.Model = "" // it is no model's
		s.problems = append(s.problems, p)
	}
}

// ignoresCase tells whether filters on a model's dimensions ignore case where these don't say.
func (s *Source) ignoresCase(m *sourceModel) bool {
	return *cmp.Or(m.caseInsensitive, &s.config.caseInsensitive)
}
