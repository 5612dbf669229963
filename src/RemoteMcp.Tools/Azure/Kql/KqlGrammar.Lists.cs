using System.Collections.Frozen;

namespace RemoteMcp.Tools.Azure.Kql;

/// <content>The rules for the tabular operators that read lists of items with their own syntax.</content>
internal sealed partial class KqlGrammar
{
    private static readonly FrozenSet<string> s_parseParameters = FrozenSet.Create("kind", "flags");
    private static readonly FrozenSet<string> s_expandParameters = FrozenSet.Create("bagexpansion", "kind", "with_itemindex");

    // kind [ properties ] [ "with" "(" properties ")" ]
    private void Render()
    {
        Name("the kind of a chart");
        if (_at.Take("with"))
        {
            _at.Expect("(");
            Properties();
            _at.Expect(")");
        }
        else
        {
            Properties();
        }
    }

    // expression "with" { "*" | string | column [ ":" type ] }
    private void Parse()
    {
        Parameters(s_parseParameters);
        Expression();
        _at.Expect("with");
        var count = 0;
        for (; !EndsPipeline(_at.Current); count++)
        {
            if (_at.Take("*"))
            {
                continue;
            }

            if (_at.Current.Kind == KqlTokenKind.String)
            {
                _at.Next();
                continue;
            }

            Name("a string, a column, or *");
            if (_at.Take(":"))
            {
                Type();
            }
        }

        if (count == 0)
        {
            throw _at.Expected("a string, a column, or *");
        }
    }

    // expression "as" "(" columns ")" [ "with" "(" properties ")" ]
    private void ParseKeysAndValues()
    {
        Expression();
        _at.Expect("as");
        _at.Expect("(");
        List(")", Column);
        if (_at.Take("with"))
        {
            _at.Expect("(");
            Properties();
            _at.Expect(")");
        }
    }

    private void MvExpand()
    {
        Parameters(s_expandParameters);
        Expanded();
    }

    private void MvApply()
    {
        Parameters(s_expandParameters);
        Expanded();
        _at.Expect("on");
        Subquery();
    }

    // expression [ "to" typeof ] { "," … } [ "limit" expression ]
    private void Expanded()
    {
        do
        {
            NamedExpression();
            if (_at.Take("to"))
            {
                TypeOf();
            }
        }
        while (_at.Take(","));

        if (_at.Take("limit"))
        {
            Expression();
        }
    }

    // aggregate [ "default" "=" value ] { "," … } "on" column ( "in" "range" arguments | [ "from" … ] [ "to" … ] "step" … ) [ "by" groups ]
    private void MakeSeries()
    {
        Parameters(s_kind);
        do
        {
            NamedExpression();
            if (_at.Take("default"))
            {
                _at.Expect("=");
                Expression();
            }
        }
        while (_at.Take(","));

        _at.Expect("on");
        Expression();
        if (_at.Take("in"))
        {
            _at.Expect("range");
            Arguments();
        }
        else
        {
            foreach (var bound in (string[])["from", "to"])
            {
                if (_at.Take(bound))
                {
                    Expression();
                }
            }

            _at.Expect("step");
            Expression();
        }

        if (_at.Take("by"))
        {
            NamedExpressions();
        }
    }

    // plugin "(" arguments ")" [ ":" "(" columns ")" ]
    private void Evaluate()
    {
        Parameters();
        if (!_at.Current.IsName || !KqlFunctions.Plugins.Contains(_at.Current.Text))
        {
            throw _at.Refuse($"the plugin {SafeText.Quote(_at.Query[_at.Current.Start.._at.Current.End])} is not allowed. Allowed plugins: "
                + $"{string.Join(", ", KqlFunctions.Plugins.Order(StringComparer.Ordinal))}.");
        }

        _at.Next();
        Arguments();
        if (_at.Take(":"))
        {
            _at.Expect("(");
            List(")", () =>
            {
                if (!_at.Take("*"))
                {
                    Column();
                }
            });
        }
    }
}
