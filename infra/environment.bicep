// How an environment variable is read: one that is empty is one that is not set.

@export()
@description('The value, or what stands for none.')
func given(value string, otherwise string) string => empty(trim(value)) ? otherwise : trim(value)

@export()
@description('The items of a list that is separated by commas.')
func items(value string) string[] => filter(map(split(value, ','), item => trim(item)), item => !empty(item))
