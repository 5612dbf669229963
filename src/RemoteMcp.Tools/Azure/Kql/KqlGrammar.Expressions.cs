using System.Collections.Frozen;

namespace RemoteMcp.Tools.Azure.Kql;

/// <content>The rules for expressions, names, and calls.</content>
internal sealed partial class KqlGrammar
{
    private static readonly FrozenSet<string> s_binarySymbols = FrozenSet.Create(
        "==", "!=", "=~", "!~", "<", ">", "<=", ">=", "<>", "+", "-", "*", "/", "%");

    private static readonly FrozenSet<string> s_binaryWords = FrozenSet.ToFrozenSet(
    [
        "and", "or", "like", "notlike",
        .. ((string[])["has", "contains", "startswith", "endswith", "hasprefix", "hassuffix"])
            .SelectMany(static name => (string[])[name, "!" + name, name + "_cs", "!" + name + "_cs"]),
    ]);

    private static readonly FrozenSet<string> s_listWords = FrozenSet.Create("in", "in~", "!in", "!in~", "has_any", "has_all");

    private static readonly FrozenSet<string> s_rangeWords = FrozenSet.Create("between", "!between");

    // In the predicate of search, column:"term" searches a column.
    private bool _inSearch;

    // operand { operator operand }
    private void Expression()
    {
        _at.Enter();
        do
        {
            while (_at.Take("-") || _at.Take("+"))
            {
            }

            Operand();
            while ((_at.IsAny(s_listWords) && _at.Peek(1).Is("(")) || _at.IsAny(s_rangeWords))
            {
                ListOrRange();
            }
        }
        while (TakeBinaryOperator());

        _at.Leave();
    }

    private bool TakeBinaryOperator()
    {
        if (_at.Is("matches"))
        {
            _at.Next();
            _at.Expect("regex");
            return true;
        }

        var found = _at.IsAny(s_binaryWords)
            || (_at.Current.Kind == KqlTokenKind.Symbol && (s_binarySymbols.Contains(_at.Current.Text) || (_inSearch && _at.Is(":"))));
        if (found)
        {
            _at.Next();
        }

        return found;
    }

    // "in" "(" ( pipeline | expressions ) ")", or "between" "(" expression ".." expression ")"
    private void ListOrRange()
    {
        var isRange = s_rangeWords.Contains(_at.Next().Text);
        _at.Expect("(");
        if (isRange)
        {
            Expression();
            _at.Expect("..");
            Expression();
            _at.Expect(")");
        }
        else
        {
            List(")", Pipeline);
        }
    }

    // ( constant | call | name | "(" pipeline ")" | "*" ) { "." name | "[" expression "]" }
    private void Operand()
    {
        switch (_at.Current.Kind)
        {
            case KqlTokenKind.String or KqlTokenKind.Literal:
                _at.Next();
                return;
            case KqlTokenKind.Name when _at.Peek(1).Is("("):
                Call();
                break;
            case KqlTokenKind.Name:
                Name("an expression");
                break;
            case KqlTokenKind.Symbol when _at.Is("["):
                Name("an expression");
                break;
            case KqlTokenKind.Symbol when _at.Take("("):
                Pipeline();
                _at.Expect(")");
                break;
            // All columns: * has "term".
            case KqlTokenKind.Symbol when _at.Is("*") && (s_binaryWords.Contains(_at.Peek(1).Text) || _at.Peek(1).Is(":")):
                _at.Next();
                return;
            default:
                throw _at.Expected("an expression");
        }

        Path();
    }

    private void Path()
    {
        while (true)
        {
            if (_at.Take("."))
            {
                Name("the name of a property");
            }
            else if (_at.Take("["))
            {
                Expression();
                _at.Expect("]");
            }
            else if (_at.Is("("))
            {
                throw _at.Refuse("only a function with a plain name can be called. Remove the parenthesis, or write the name without a "
                    + "path, brackets, and quotes.");
            }
            else
            {
                return;
            }
        }
    }
}
