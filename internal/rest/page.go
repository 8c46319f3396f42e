package rest

import "github.com/klatch/klatch/internal/record"

// PageQuery selects a page of a list.
type PageQuery struct {
	Page    int `query:"page" minimum:"1" maximum:"1000000" default:"1" doc:"Number of the page, from 1."`
	PerPage int `query:"perPage" minimum:"1" maximum:"100" default:"20"`
}

// Page is a page of a list.
type Page[T any] struct {
	PageInfo PageInfo `json:"pageInfo"`
	Data     []T      `json:"data"`
}

// PageInfo is which page of a list an answer holds.
type PageInfo struct {
	CurrentPage int `json:"currentPage"`
	PerPage     int `json:"perPage"`
	LastPage    int `json:"lastPage"`
	Total       int `json:"total"`
}

func (q PageQuery) page() record.Page { return record.Page{Number: q.Page, Size: q.PerPage} }

// info describes the page of a list of total items. An empty list has one page.
func (q PageQuery) info(total int) PageInfo {
	return PageInfo{
		CurrentPage: q.Page,
		PerPage:     q.PerPage,
		LastPage:    max(1, (total+q.PerPage-1)/q.PerPage),
		Total:       total,
	}
}

// slice returns a page of a list that is in memory as a whole.
func slice[T any](q PageQuery, all []T) []T {
	from := min((q.Page-1)*q.PerPage, len(all))
	return all[from:min(from+q.PerPage, len(all))]
}
