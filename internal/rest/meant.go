package rest

import (
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/danielgtaylor/huma/v2"
)

// maxNameBytes of a name count when the nearest one is looked for: no field has a longer one.
const maxNameBytes = 64

// meantField returns the field or query parameter that was probably meant where one does not exist, or "".
func (a *API) meantField(method, path string, detail *huma.ErrorDetail) string {
	op := operationOf(a.huma.OpenAPI().Paths[path], method)
	if op == nil {
		return ""
	}
	place, name := "", detail.Location
	if at := strings.LastIndexByte(name, '.'); at >= 0 {
		place, name = name[:at], name[at+1:]
	}
	var names []string
	switch detail.Message {
	case unknownQueryProblem:
		for _, p := range op.Parameters {
			if p.In == "query" {
				names = append(names, p.Name)
			}
		}
	case unknownFieldProblem:
		if op.RequestBody == nil || op.RequestBody.Content["application/json"] == nil {
			return ""
		}
		names = a.fieldsAt(op.RequestBody.Content["application/json"].Schema, place)
	}
	return nearest(name, names)
}

func operationOf(item *huma.PathItem, method string) *huma.Operation {
	if item == nil {
		return nil
	}
	return map[string]*huma.Operation{
		"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete,
	}[method]
}

// fieldsAt returns the names of the fields of the object at a place of a body, such as body.participants[0].
func (a *API) fieldsAt(s *huma.Schema, place string) []string {
	objects := a.objectsOf(s)
	for _, step := range strings.Split(strings.TrimPrefix(strings.TrimPrefix(place, "body"), "."), ".") {
		if step == "" {
			continue
		}
		step, _, indexed := strings.Cut(step, "[")
		var inside []*huma.Schema
		for _, o := range objects {
			next := o.Properties[step]
			if next == nil {
				continue
			}
			for _, n := range a.objectsOf(next) {
				if indexed && n.Items != nil {
					inside = append(inside, a.objectsOf(n.Items)...)
				} else {
					inside = append(inside, n)
				}
			}
		}
		objects = inside
	}
	var names []string
	for _, o := range objects {
		for name := range o.Properties {
			names = append(names, name)
		}
	}
	return names
}

// objectsOf returns a schema without references: each of its forms, where it has several.
func (a *API) objectsOf(s *huma.Schema) []*huma.Schema {
	if s == nil {
		return nil
	}
	if s.Ref != "" {
		return a.objectsOf(a.huma.OpenAPI().Components.Schemas.SchemaFromRef(s.Ref))
	}
	forms := []*huma.Schema{s}
	for _, each := range s.OneOf {
		forms = append(forms, a.objectsOf(each)...)
	}
	return forms
}

// nearest returns the name with the smallest edit distance to what was given, or "" where none is like it.
func nearest(given string, names []string) string {
	given = given[:min(len(given), maxNameBytes)]
	best, bestDistance := "", max(2, len(given)/3)+1
	for _, name := range names {
		distance := levenshtein.ComputeDistance(strings.ToLower(given), strings.ToLower(name))
		if distance < bestDistance || distance == bestDistance && name < best {
			best, bestDistance = name, distance
		}
	}
	return best
}
