namespace RemoteMcp.Tools.Azure.Kql;

/// <content>The rules for the tabular operators that order rows.</content>
internal sealed partial class KqlGrammar
{
    // ( "order" | "sort" ) "by" columns
    private void Sort()
    {
        Parameters();
        _at.Expect("by");
        Ordered();
    }

    // expression [ "asc" | "desc" ] [ "nulls" ( "first" | "last" ) ]
    private void Ordered()
    {
        do
        {
            NamedExpression();
            Order();
        }
        while (_at.Take(","));
    }

    private void Order()
    {
        _ = _at.Take("asc") || _at.Take("desc");
        if (_at.Take("nulls") && !_at.Take("first") && !_at.Take("last"))
        {
            throw _at.Expected("'first' or 'last'");
        }
    }

    private void Top()
    {
        Parameters();
        Expression();
        _at.Expect("by");
        Ordered();
    }

    // expression "of" item
    private void Of(Action item)
    {
        if (!_at.Is("of"))
        {
            Expression();
        }

        _at.Expect("of");
        item();
    }

    private void TopHitters()
    {
        Of(NamedExpression);
        if (_at.Take("by"))
        {
            Expression();
        }
    }

    // [ count ] "of" column [ "with" "others" "=" value ] "by" aggregate [ order ]
    private void TopNested()
    {
        do
        {
            _at.Take("top-nested");
            Of(NamedExpression);
            if (_at.Take("with"))
            {
                _at.Expect("others");
                _at.Expect("=");
                Expression();
            }

            _at.Expect("by");
            NamedExpression();
            Order();
        }
        while (_at.Take(","));
    }
}
