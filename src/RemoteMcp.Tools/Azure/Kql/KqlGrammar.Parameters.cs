using System.Collections.Frozen;

namespace RemoteMcp.Tools.Azure.Kql;

/// <content>The rules for parameters of operators.</content>
internal sealed partial class KqlGrammar
{
    // These hints do not decide where the query runs. hint.remote does, and is not allowed.
    private static readonly FrozenSet<string> s_hints = FrozenSet.Create(
        "strategy", "shufflekey", "num_partitions", "materialized", "concurrency", "spread", "pass_filters", "pass_filters_column");

    // { "hint" "." name "=" value | name "=" value }
    private void Parameters(FrozenSet<string>? names = null)
    {
        while (true)
        {
            if (_at.Is("hint") && _at.Peek(1).Is("."))
            {
                _at.Next();
                _at.Next();
                if (!_at.IsAny(s_hints))
                {
                    throw _at.Expected($"a hint ({string.Join(", ", s_hints.Order(StringComparer.Ordinal))})");
                }
            }
            else if (names is null || !_at.IsAny(names) || !_at.Peek(1).Is("="))
            {
                return;
            }

            _at.Next();
            _at.Expect("=");
            ParameterValue();
        }
    }

    private void ParameterValue()
    {
        if (_at.Current.Kind is KqlTokenKind.String or KqlTokenKind.Literal)
        {
            _at.Next();
        }
        else
        {
            Name("a value");
            if (_at.Is("(") && _at.IsAdjacent)
            {
                // Kusto could read the name and the parenthesis as a literal of a type that the lexer does not know.
                throw _at.Expected("a value that is a plain name, a number, or a string");
            }
        }
    }

    // { name "=" value }, with commas or spaces between them. A value can be a list of names.
    private void Properties()
    {
        while (_at.Current.IsName && !EndsPipeline(_at.Current))
        {
            Name("the name of a property");
            _at.Expect("=");
            Value();
            while (_at.Take(",") && !_at.Peek(1).Is("="))
            {
                Value();
            }
        }

        void Value()
        {
            _at.Take("-");
            ParameterValue();
        }
    }
}
