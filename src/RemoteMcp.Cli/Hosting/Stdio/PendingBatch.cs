using System.Buffers;

namespace RemoteMcp.Cli.Hosting.Stdio;

/// <summary>Collects the responses to the messages of a batch. They are sent together when the last one is there.</summary>
/// <param name="responses">The number of messages that get a response.</param>
internal sealed class PendingBatch(int responses)
{
    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _json = new();
    private int _missing = responses;

    /// <summary>Adds a response, which is empty if the client has cancelled its request.</summary>
    /// <returns>
    /// The JSON array of all responses, or <see langword="null"/> while responses are missing, or if all requests were cancelled.
    /// </returns>
    public ReadOnlyMemory<byte>? Add(ReadOnlySpan<byte> response)
    {
        lock (_lock)
        {
            if (!response.IsEmpty)
            {
                _json.Write(_json.WrittenCount == 0 ? "["u8 : ","u8);
                _json.Write(response);
            }

            if (--_missing > 0 || _json.WrittenCount == 0)
            {
                return null;
            }

            _json.Write("]"u8);
            return _json.WrittenMemory;
        }
    }
}
