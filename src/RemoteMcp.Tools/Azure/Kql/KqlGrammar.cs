using ModelContextProtocol;

namespace RemoteMcp.Tools.Azure.Kql;

/// <summary>
/// Defines the queries that the server sends to Azure, as a grammar that contains only what is known to read and to compute. Everything
/// else is refused, because injected text could make a model write a query that sends data to another place. A call has a plain name from a
/// list of functions, or the name of a function that the query itself defines. A table has a plain name, a name in brackets, or the strict
/// form of another resource (<see cref="KqlSources"/>). The grammar does not check types: Azure reports such errors.
/// </summary>
/// <remarks>
/// Functions that are saved in a workspace cannot be called with arguments. Without arguments, they look like tables, and they are not
/// inspected. The end-to-end tests compare this grammar with Microsoft's own parser.
/// </remarks>
internal sealed partial class KqlGrammar
{
    private static readonly HashSet<string> s_statements =
        new(StringComparer.OrdinalIgnoreCase) { "set", "alias", "declare", "restrict" };

    private readonly KqlCursor _at;
    private readonly KqlSources _sources;

    // The functions that the query has defined so far.
    private HashSet<string> _functions = new(StringComparer.Ordinal);

    private KqlGrammar(string query, KqlSources sources) => (_at, _sources) = (new KqlCursor(query), sources);

    /// <summary>Checks a query.</summary>
    /// <exception cref="McpException">The query is not part of the grammar. The message has the position.</exception>
    public static void Check(string query, KqlSources sources)
    {
        var grammar = new KqlGrammar(query, sources);
        if (grammar._at.Current.Kind == KqlTokenKind.End)
        {
            throw new McpException("query: is empty. Write a query in the Kusto Query Language.");
        }

        grammar.Statements(KqlTokenKind.End, "");
        if (grammar._at.Current.Kind != KqlTokenKind.End)
        {
            throw grammar._at.Expected("'|' or the end of the statement");
        }
    }

    // statement { ";" statement } [ ";" ]
    private void Statements(KqlTokenKind kind, string end)
    {
        do
        {
            if (_at.Current.Kind == kind && _at.Current.Text == end)
            {
                return;
            }

            Statement();
        }
        while (_at.Take(";"));
    }

    private void Statement()
    {
        if (_at.Is(".") || _at.IsAny(s_statements))
        {
            throw _at.Refuse($"statements that begin with '{_at.Current.Text}' are not allowed. Send only a query. The "
                + "server sets the limits.");
        }

        if (_at.Is("let") && _at.Peek(1).IsName)
        {
            Let();
        }
        else
        {
            Pipeline();
        }
    }

    // "let" name "=" ( pipeline | [ "view" ] "(" parameters ")" "{" statements "}" )
    private void Let()
    {
        _at.Expect("let");
        var name = _at.Current;
        Name("a name");
        if (KqlFunctions.IsExternal(name.Text) || KqlSources.IsCrossResource(name.Text) || KqlFunctions.Special.Contains(name.Text))
        {
            throw KqlRefusal.At(_at.Query, name.Start, $"{SafeText.Quote(name.Text)} is the name of a function of KQL. "
                + "Choose another name.");
        }

        _at.Expect("=");
        if (BeginsFunction())
        {
            Function();
            _functions.Add(name.Text);
        }
        else
        {
            // A value hides a function with the same name.
            Pipeline();
            _functions.Remove(name.Text);
        }
    }

    // The closing parenthesis of parameters is followed by a body.
    private bool BeginsFunction()
    {
        var offset = _at.Is("view") ? 1 : 0;
        if (!_at.Peek(offset).Is("("))
        {
            return false;
        }

        for (var depth = 0; _at.Peek(offset).Kind != KqlTokenKind.End; offset++)
        {
            depth += _at.Peek(offset).Is("(") ? 1 : _at.Peek(offset).Is(")") ? -1 : 0;
            if (depth == 0)
            {
                return _at.Peek(offset + 1).Is("{");
            }
        }

        return false;
    }

    private void Function()
    {
        _at.Enter();
        _at.Take("view");
        _at.Expect("(");
        List(")", Parameter);
        _at.Expect("{");
        // Functions that a body defines do not exist outside of it.
        var outer = _functions;
        _functions = new(outer, StringComparer.Ordinal);
        Statements(KqlTokenKind.Symbol, "}");
        _functions = outer;
        _at.Expect("}");
        _at.Leave();
    }

    // name ":" ( type [ "=" constant ] | "(" ( "*" | columns ) ")" )
    private void Parameter()
    {
        Name("the name of a parameter");
        _at.Expect(":");
        if (!_at.Take("("))
        {
            Type();
            if (_at.Take("="))
            {
                Expression();
            }
        }
        else if (_at.Take("*"))
        {
            _at.Expect(")");
        }
        else
        {
            List(")", Column);
        }
    }

    // source { "|" operator }
    private void Pipeline()
    {
        _at.Enter();
        Source();
        while (_at.Take("|"))
        {
            Operator();
        }

        _at.Leave();
    }

    // "(" operator { "|" operator } ")", which reads the rows of the operator around it
    private void Subquery()
    {
        _at.Enter();
        _at.Expect("(");
        do
        {
            Operator();
        }
        while (_at.Take("|"));

        _at.Expect(")");
        _at.Leave();
    }
}
