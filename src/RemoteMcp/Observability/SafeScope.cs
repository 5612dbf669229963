using System.Collections;
using RemoteMcp.ToolCalls;

namespace RemoteMcp.Observability;

/// <summary>
/// Represents the values of a log scope, encoded as those of an entry (<see cref="SafeLogger"/>). They are encoded only when a provider
/// reads them, because most providers ignore scopes.
/// </summary>
/// <param name="state">The state that the code passed to <c>BeginScope</c>.</param>
internal sealed class SafeScope(object state) : IReadOnlyList<KeyValuePair<string, object?>>
{
    private static readonly LogText s_text = LogText.Lengths;

    private readonly IReadOnlyList<KeyValuePair<string, object?>> _values =
        state as IReadOnlyList<KeyValuePair<string, object?>>
            ?? (state is IEnumerable<KeyValuePair<string, object?>> values ? [.. values] : []);

    public int Count => _values.Count;

    public KeyValuePair<string, object?> this[int index]
    {
        get
        {
            var (name, value) = _values[index];
            return new(name, s_text.Encode(name, value));
        }
    }

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => SafeText.Line(state.ToString() ?? "", s_text.MaxMessage);
}
