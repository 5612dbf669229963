using System.Collections.Frozen;

namespace RemoteMcp.Tools.Azure.Kql;

/// <content>The rules for names, types, and lists.</content>
internal sealed partial class KqlGrammar
{
    private static readonly FrozenSet<string> s_types = FrozenSet.Create(
        "bool", "boolean", "int", "long", "real", "double", "decimal", "string", "datetime", "date", "timespan", "time", "guid", "dynamic");

    // A plain name, or a name in brackets and quotes: ['name'].
    private void Name(string expected)
    {
        if (_at.Take("["))
        {
            if (!_at.Current.IsPlainString || _at.Current.Text.Length == 0)
            {
                throw _at.Refuse("a name in brackets must be in plain quotes, without a prefix and escape sequences: ['name'].");
            }

            _at.Next();
            _at.Expect("]");
            return;
        }

        if (!IsPlainName(_at.Current))
        {
            throw _at.Expected(expected);
        }

        if (KqlFunctions.Reserved.Contains(_at.Current.Text))
        {
            throw _at.Refuse($"{SafeText.Quote(_at.Current.Text)} is a keyword. If it is the name of a column or table, write it in "
                + $"brackets and quotes: ['{_at.Current.Text}'].");
        }

        _at.Next();
    }

    // The words with other characters, such as project-away and !has, are operators.
    private static bool IsPlainName(KqlToken token) =>
        token.IsName && token.Text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$');

    // [ ( name | "(" names ")" ) "=" ] expression
    private void NamedExpression()
    {
        if (NameLength(0) is > 0 and var length && _at.Peek(length).Is("="))
        {
            Name("a name");
            _at.Expect("=");
        }
        else if (BeginsWithNames())
        {
            _at.Expect("(");
            List(")", () => Name("a name"));
            _at.Expect("=");
        }

        Expression();
    }

    private bool BeginsWithNames()
    {
        if (!_at.Is("("))
        {
            return false;
        }

        var offset = 1;
        for (int length; (length = NameLength(offset)) > 0 && _at.Peek(offset + length).Is(","); offset += length + 1)
        {
        }

        offset += NameLength(offset);
        return _at.Peek(offset).Is(")") && _at.Peek(offset + 1).Is("=");
    }

    private int NameLength(int offset) => _at.Peek(offset).IsName ? 1
        : _at.Peek(offset).Is("[") && _at.Peek(offset + 1).IsPlainString && _at.Peek(offset + 2).Is("]") ? 3
        : 0;

    // [ item { "," item } ] end
    private void List(string end, Action item)
    {
        if (_at.Take(end))
        {
            return;
        }

        do
        {
            item();
        }
        while (_at.Take(","));

        _at.Expect(end);
    }

    private void Type()
    {
        if (!_at.IsAny(s_types))
        {
            throw _at.Expected($"a type ({string.Join(", ", s_types.Order(StringComparer.Ordinal))})");
        }

        _at.Next();
    }

    // name ":" type
    private void Column()
    {
        Name("the name of a column");
        _at.Expect(":");
        Type();
    }
}
