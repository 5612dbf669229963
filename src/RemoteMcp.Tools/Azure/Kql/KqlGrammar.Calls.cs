namespace RemoteMcp.Tools.Azure.Kql;

/// <content>The rules for calls of functions.</content>
internal sealed partial class KqlGrammar
{
    // name "(" arguments ")"
    private void Call()
    {
        var name = _at.Current;
        if (_functions.Contains(name.Text) || KqlFunctions.Allowed.Contains(name.Text))
        {
            _at.Next();
            Arguments();
        }
        else if (name.Text is "toscalar" or "materialize")
        {
            _at.Next();
            _at.Expect("(");
            Pipeline();
            _at.Expect(")");
        }
        else if (name.Is("dynamic"))
        {
            _at.Next();
            _at.Expect("(");
            Json();
            _at.Expect(")");
        }
        else if (name.Is("typeof"))
        {
            TypeOf();
        }
        else if (KqlSources.IsCrossResource(name.Text))
        {
            CrossResource();
        }
        else
        {
            throw _at.Refuse(KqlFunctions.Refusal(name.Text, _functions));
        }
    }

    private void Arguments()
    {
        _at.Expect("(");
        List(")", () =>
        {
            if (!_at.Is("*") || !(_at.Peek(1).Is(",") || _at.Peek(1).Is(")")))
            {
                NamedExpression();
            }
            else
            {
                _at.Next();
            }
        });
    }

    // "workspace" "(" string ")" "." table
    private void CrossResource()
    {
        var name = _at.Next();
        _at.Expect("(");
        var argument = _at.Next();
        if (!_at.Take(")") || !_at.Is(".") || _at.Peek(1).Kind == KqlTokenKind.End)
        {
            throw _sources.Refuse(_at.Query, name);
        }

        _sources.Check(_at.Query, name, argument);
        _at.Next();
        if (!TakeWildcard())
        {
            Name("the name of a table");
        }
    }

    // "typeof" "(" type ")"
    private void TypeOf()
    {
        _at.Expect("typeof");
        _at.Expect("(");
        Type();
        _at.Expect(")");
    }

    // The content of dynamic(): JSON, in which strings can also have the forms of KQL, and values can be typed literals.
    private void Json()
    {
        _at.Enter();
        if (_at.Take("["))
        {
            List("]", Json);
        }
        else if (_at.Take("{"))
        {
            List("}", () =>
            {
                if (_at.Current.Kind != KqlTokenKind.String)
                {
                    throw _at.Expected("a key in quotes");
                }

                _at.Next();
                _at.Expect(":");
                Json();
            });
        }
        else
        {
            var isNumber = _at.Take("-") || _at.Take("+");
            if (_at.Current.Kind != KqlTokenKind.Literal
                && (isNumber || !(_at.Current.Kind == KqlTokenKind.String || _at.Is("null") || _at.Is("true") || _at.Is("false"))))
            {
                throw _at.Expected("a constant in JSON. For computed values, use bag_pack() or pack_array()");
            }

            _at.Next();
        }

        _at.Leave();
    }
}
