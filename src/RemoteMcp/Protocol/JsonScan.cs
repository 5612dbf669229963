using System.Text.Json;

namespace RemoteMcp.Protocol;

/// <summary>
/// Checks a JSON text, also while it arrives: its syntax, its depth, the number of its values, and its strings. The check costs one pass
/// and allocates nothing for each value, so the server checks a large text before it builds objects from it.
/// </summary>
internal struct JsonScan()
{
    /// <summary>
    /// The maximum number of values in a message: the members of all objects and the items of all arrays. Without this limit, a body that
    /// has a permitted size can take seconds to process.
    /// </summary>
    public const int MaxValues = 20_000;

    // A value and its separator have at least two bytes, so a shorter text cannot exceed MaxValues.
    private const int MinLength = 2 * MaxValues;

    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = JsonRpcEnvelope.MaxDepth });
    private int _position;
    private int _values;

    /// <summary>Returns whether a text with this number of bytes can have more than <see cref="MaxValues"/> values.</summary>
    public static bool CanExceed(int length) => length > MinLength;

    /// <summary>Checks the part of a text that has arrived since the last call.</summary>
    /// <param name="text">The text from its beginning.</param>
    /// <param name="isComplete">Whether nothing follows.</param>
    /// <exception cref="JsonException">The text is not valid, or it exceeds a limit.</exception>
    public void Continue(ReadOnlySpan<byte> text, bool isComplete)
    {
        var reader = new Utf8JsonReader(text[_position..], isComplete, _state);
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.EndObject or JsonTokenType.EndArray)
                && ++_values > MaxValues)
            {
                throw new JsonException($"the message has more than {MaxValues} values");
            }

            if (reader.ValueIsEscaped)
            {
                RefuseUnpairedSurrogate(ref reader);
            }
        }

        _state = reader.CurrentState;
        _position += (int)reader.BytesConsumed;
    }

    // JsonDocument.Parse does not find these errors, because it does not unescape strings. Code that reads such a string later gets an
    // InvalidOperationException instead of a JsonException.
    private readonly void RefuseUnpairedSurrogate(ref Utf8JsonReader reader)
    {
        try
        {
            reader.GetString();
        }
        catch (InvalidOperationException)
        {
            throw new JsonException($"the string that ends at byte {_position + reader.BytesConsumed} has an unpaired surrogate");
        }
    }
}
