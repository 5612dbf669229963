namespace RemoteMcp.Tools.Azure.Kql;

/// <content>The rules for the tabular operators, except for those that read lists of items with their own syntax.</content>
internal sealed partial class KqlGrammar
{
    private Dictionary<string, Action> Operators => field ??= new(StringComparer.Ordinal)
    {
        ["as"] = () => Name("a name"),
        ["count"] = () =>
        {
            if (_at.Take("as"))
            {
                Name("a name");
            }
        },
        ["distinct"] = Distinct,
        ["evaluate"] = Evaluate,
        ["extend"] = NamedExpressions,
        ["filter"] = Expression,
        ["getschema"] = () => { },
        ["join"] = Join,
        ["limit"] = Expression,
        ["lookup"] = Join,
        ["make-series"] = MakeSeries,
        ["mv-apply"] = MvApply,
        ["mv-expand"] = MvExpand,
        ["mvexpand"] = MvExpand,
        ["order"] = Sort,
        ["parse"] = Parse,
        ["parse-kv"] = ParseKeysAndValues,
        ["parse-where"] = Parse,
        ["partition"] = Partition,
        ["project"] = NamedExpressions,
        ["project-away"] = ColumnPatterns,
        ["project-keep"] = ColumnPatterns,
        ["project-rename"] = NamedExpressions,
        ["project-reorder"] = ColumnPatterns,
        ["reduce"] = Reduce,
        ["render"] = Render,
        ["sample"] = Expression,
        ["sample-distinct"] = () => Of(Expression),
        ["search"] = Search,
        ["serialize"] = () =>
        {
            if (!EndsPipeline(_at.Current))
            {
                NamedExpressions();
            }
        },
        ["sort"] = Sort,
        ["summarize"] = Summarize,
        ["take"] = Expression,
        ["top"] = Top,
        ["top-hitters"] = TopHitters,
        ["top-nested"] = TopNested,
        ["union"] = Union,
        ["where"] = Expression,
    };

    private void Operator()
    {
        if (!_at.Current.IsName || !Operators.TryGetValue(_at.Current.Text, out var rule))
        {
            throw _at.Current.IsName
                ? _at.Refuse($"the operator {SafeText.Quote(_at.Current.Text)} is not allowed. Allowed operators: "
                    + $"{string.Join(", ", Operators.Keys.Order(StringComparer.Ordinal))}.")
                : _at.Expected("the name of an operator");
        }

        _at.Next();
        rule();
    }

    private void Distinct()
    {
        Parameters();
        if (!_at.Take("*"))
        {
            NamedExpressions();
        }
    }

    // [ aggregates ] [ "by" groups ]
    private void Summarize()
    {
        Parameters();
        if (!_at.Is("by"))
        {
            NamedExpressions();
        }

        if (_at.Take("by"))
        {
            NamedExpressions();
        }
    }

    // columns, in which a name can contain asterisks
    private void ColumnPatterns()
    {
        do
        {
            if (!TakeWildcard())
            {
                Expression();
            }

            Order();
        }
        while (_at.Take(","));
    }

    // table ( "on" conditions | "where" condition )
    private void Join()
    {
        Parameters(s_kind);
        Table();
        if (_at.Take("where"))
        {
            Expression();
            return;
        }

        _at.Expect("on");
        do
        {
            Expression();
        }
        while (_at.Take(","));
    }

    // "by" column "(" operators ")"
    private void Partition()
    {
        Parameters();
        _at.Expect("by");
        if (_at.Current.IsName && (KqlFunctions.IsExternal(_at.Current.Text) || KqlSources.IsCrossResource(_at.Current.Text)))
        {
            throw _at.Expected("the name of a column");
        }

        Name("the name of a column");
        Subquery();
    }

    private void Reduce()
    {
        _at.Expect("by");
        Expression();
        if (_at.Take("with"))
        {
            Properties();
        }
    }
}
