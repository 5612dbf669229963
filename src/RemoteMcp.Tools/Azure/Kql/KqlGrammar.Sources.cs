using System.Collections.Frozen;

namespace RemoteMcp.Tools.Azure.Kql;

/// <content>The rules for the beginnings of pipelines.</content>
internal sealed partial class KqlGrammar
{
    private static readonly FrozenSet<string> s_unionParameters = FrozenSet.Create("kind", "isfuzzy", "withsource", "with_source");
    private static readonly FrozenSet<string> s_findParameters = FrozenSet.Create("withsource", "with_source");
    private static readonly FrozenSet<string> s_kind = FrozenSet.Create("kind");

    private void Source()
    {
        // A column or table can have the name of an operator.
        switch (EndsPipeline(_at.Peek(1)) ? "" : _at.Current.Kind == KqlTokenKind.Name ? _at.Current.Text : "")
        {
            case "union":
                _at.Next();
                Union();
                break;
            case "print":
                _at.Next();
                NamedExpressions();
                break;
            case "search":
                _at.Next();
                Search();
                break;
            case "find":
                _at.Next();
                Find();
                break;
            case "range" when _at.Peek(1).IsName:
                _at.Next();
                Range();
                break;
            case "datatable" when _at.Peek(1).Is("("):
                _at.Next();
                DataTable();
                break;
            default:
                Expression();
                break;
        }
    }

    private static bool EndsPipeline(KqlToken token) =>
        token.Kind == KqlTokenKind.End || token.Is("|") || token.Is(")") || token.Is(",") || token.Is(";") || token.Is("}");

    private void NamedExpressions()
    {
        do
        {
            NamedExpression();
        }
        while (_at.Take(","));
    }

    private void Union()
    {
        Parameters(s_unionParameters);
        do
        {
            Table();
        }
        while (_at.Take(","));
    }

    private void Table()
    {
        if (!TakeWildcard())
        {
            Operand();
        }
    }

    // A name with asterisks: App*. Its parts have no space between them.
    private bool TakeWildcard()
    {
        var length = 0;
        var hasStar = false;
        for (; length == 0 || _at.Peek(length - 1).End == _at.Peek(length).Start; length++)
        {
            var token = _at.Peek(length);
            hasStar |= token.Is("*");
            if (!token.Is("*") && !IsPlainName(token))
            {
                break;
            }
        }

        for (; hasStar && length > 0; length--)
        {
            _at.Next();
        }

        return hasStar;
    }

    // [ "in" "(" tables ")" ] predicate
    private void Search()
    {
        Parameters(s_kind);
        if (_at.Is("in") && _at.Peek(1).Is("("))
        {
            _at.Next();
            _at.Next();
            List(")", Table);
        }

        if (_at.Take("*") && !_at.Take("and"))
        {
            return;
        }

        _inSearch = true;
        Expression();
        _inSearch = false;
    }

    // [ "in" "(" tables ")" ] "where" predicate [ "project" columns ]
    private void Find()
    {
        Parameters(s_findParameters);
        if (_at.Take("in"))
        {
            _at.Expect("(");
            List(")", Table);
        }

        _at.Expect("where");
        Expression();
        if (_at.Take("project"))
        {
            do
            {
                Name("the name of a column");
                if (_at.Take(":"))
                {
                    Type();
                }
            }
            while (_at.Take(","));
        }
    }

    // name "from" expression "to" expression "step" expression
    private void Range()
    {
        Name("a name");
        _at.Expect("from");
        Expression();
        _at.Expect("to");
        Expression();
        _at.Expect("step");
        Expression();
    }

    // "(" columns ")" "[" values "]"
    private void DataTable()
    {
        _at.Expect("(");
        List(")", Column);
        _at.Expect("[");
        if (!_at.Take("]"))
        {
            do
            {
                Expression();
            }
            while (_at.Take(",") && !_at.Is("]"));

            _at.Expect("]");
        }
    }
}
