using Azure.Core;
using Azure.Core.Pipeline;

namespace RemoteMcp.Storage.Tables;

/// <summary>
/// Notes whether a request was sent more than once. Then a refusal ("changed", "not found") may be the echo of its own first
/// try, which was applied although its answer was lost.
/// </summary>
internal sealed class Resends
{
    private const string Property = nameof(Resends);

    public bool Any { get; private set; }

    public static void Note(HttpMessage message)
    {
        if (message.TryGetProperty(Property, out var value) && value is Resends resends)
        {
            resends.Any = true;
        }
    }

    /// <summary>Watches what is sent in the current asynchronous flow until the scope is disposed.</summary>
    public IDisposable Watch() => HttpPipeline.CreateHttpMessagePropertiesScope(new Dictionary<string, object?> { [Property] = this });
}
