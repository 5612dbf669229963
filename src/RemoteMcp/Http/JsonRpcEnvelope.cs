using System.Text.Json;
using System.Text.Unicode;
using ModelContextProtocol.Protocol;

namespace RemoteMcp.Http;

/// <summary>
/// What a request body is, read in one pass before the SDK parses it: what kind of JSON-RPC message, and whom it concerns.
/// Routing between instances and authorization decide by it; the SDK stays the judge of the message itself.
/// </summary>
internal sealed class JsonRpcEnvelope
{
    /// <summary>Deeper nesting is refused; the SDK's own serializer has the same limit.</summary>
    public const int MaxDepth = 64;

    /// <summary>The message's id; default for a notification.</summary>
    public RequestId Id { get; private set; }

    /// <summary>The method; <see langword="null"/> for a response.</summary>
    public string? Method { get; private set; }

    /// <summary><c>params.name</c> (tools, prompts) or <c>params.uri</c> (resources).</summary>
    public string? Target { get; private set; }

    /// <summary><c>params.requestId</c>: what a cancellation names.</summary>
    public RequestId CancelledId { get; private set; }

    public bool IsRequest => Method is not null && Id.Id is not null;

    public bool IsResponse => Method is null;

    /// <exception cref="JsonException">The body is not one JSON-RPC message; the message says why.</exception>
    public static JsonRpcEnvelope Read(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body))
        {
            throw new JsonException("the body is not valid UTF-8");
        }

        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException(reader.TokenType == JsonTokenType.StartArray
                ? "JSON-RPC batches are not supported; send each message in a POST of its own"
                : "a JSON-RPC message is a JSON object");
        }

        var envelope = new JsonRpcEnvelope();
        var seen = Fields.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8))
            {
                Once(ref seen, Fields.Id, "id");
                envelope.Id = ReadId(ref reader, "id");
            }
            else if (reader.ValueTextEquals("method"u8))
            {
                Once(ref seen, Fields.Method, "method");
                envelope.Method = ReadString(ref reader, "method");
            }
            else if (reader.ValueTextEquals("params"u8))
            {
                Once(ref seen, Fields.Params, "params");
                envelope.ReadParams(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        // Anything after the object is an error that the reader throws here.
        reader.Read();
        return envelope;
    }

    private void ReadParams(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        var seen = Fields.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("name"u8))
            {
                Once(ref seen, Fields.Name, "params.name");
                Target = ReadString(ref reader, "params.name");
            }
            else if (reader.ValueTextEquals("uri"u8))
            {
                Once(ref seen, Fields.Uri, "params.uri");
                Target = ReadString(ref reader, "params.uri");
            }
            else if (reader.ValueTextEquals("requestId"u8))
            {
                Once(ref seen, Fields.RequestId, "params.requestId");
                CancelledId = ReadId(ref reader, "params.requestId");
            }
            else
            {
                reader.Skip();
            }
        }
    }

    // Two readers of one body must not see two messages: which of two equal names counts is not defined (RFC 8259, section 4).
    private static void Once(ref Fields seen, Fields field, string name)
    {
        if ((seen & field) != 0)
        {
            throw new JsonException($"'{name}' appears twice");
        }

        seen |= field;
    }

    private static string ReadString(ref Utf8JsonReader reader, string field)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.String ? CurrentString(ref reader, field) : throw new JsonException($"'{field}' must be a string");
    }

    private static RequestId ReadId(ref Utf8JsonReader reader, string field)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.Number when reader.TryGetInt64(out var number) => new RequestId(number),
            JsonTokenType.String => new RequestId(CurrentString(ref reader, field)),
            // An error response to a message that could not be read has no id (JSON-RPC 2.0, section 5).
            JsonTokenType.Null => default,
            _ => throw new JsonException($"'{field}' must be a string or an integer"),
        };
    }

    private static string CurrentString(ref Utf8JsonReader reader, string field)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new JsonException($"'{field}' contains an unpaired surrogate");
        }
    }

    [Flags]
    private enum Fields
    {
        None = 0,
        Id = 1,
        Method = 2,
        Params = 4,
        Name = 8,
        Uri = 16,
        RequestId = 32,
    }
}
