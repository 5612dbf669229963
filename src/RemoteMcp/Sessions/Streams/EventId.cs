using System.Buffers;
using System.Globalization;
using System.Text;
using ModelContextProtocol.Protocol;
using RemoteMcp.Fleet;

namespace RemoteMcp.Sessions.Streams;

/// <summary>
/// Represents the id of an event. It identifies the stream to resume, the position in the stream, and the instance that has the rest of the
/// events (2025-11-25, Transports, "Resumability and Redelivery"). It contains no secret, and the server looks it up only within the
/// session of the request. The key of a response stream ends with a checksum (<see cref="SessionIds.StreamSignerAsync"/>).
/// </summary>
/// <param name="Stream">The key of the stream within the session: <c>get</c>, or the key of a response stream.</param>
/// <param name="Epoch">The number of the claim on the GET stream (<see cref="StreamClaim.Epoch"/>); 0 for a response stream.</param>
/// <param name="Sequence">The number of the event within the stream.</param>
/// <param name="Owner">The instance that ran the call; empty for the GET stream.</param>
/// <param name="Request">The id of the request that the response stream answers; the default value for the GET stream.</param>
internal readonly record struct EventId(string Stream, long Epoch, long Sequence, string Owner, RequestId Request)
{
    /// <summary>The key of a session's GET stream.</summary>
    public const string Get = "get";

    /// <summary>The maximum size of a request id, in bytes of UTF-8. Streams of longer request ids cannot be resumed.</summary>
    public const int MaxRequestIdBytes = 64;

    private const int MaxLength = 256;
    private const char Separator = '_';
    private static readonly SearchValues<char> s_keyCharacters = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyz");

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Stream}{Separator}{Epoch}{Separator}{Sequence}{Separator}{Owner}{Separator}{EncodeRequest(Request)}");

    public static bool TryParse(string text, out EventId id)
    {
        id = default;
        if (text.Length > MaxLength || text.Split(Separator) is not { Length: 5 } parts
            || !IsKey(parts[0])
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            || (parts[3].Length > 0 && !FleetMembership.IsInstanceId(parts[3]))
            || !TryDecodeRequest(parts[4], out var request)
            || (parts[0] == Get) != (parts[3].Length == 0))
        {
            return false;
        }

        id = new(parts[0], epoch, sequence, parts[3], request);
        return true;
    }

    /// <summary>Returns whether the request id is short enough for an event id.</summary>
    public static bool CanCarry(RequestId request) =>
        request.Id is long || (request.Id is string text && Encoding.UTF8.GetByteCount(text) <= MaxRequestIdBytes);

    private static bool IsKey(string text) => text.Length is > 0 and <= 64 && text.AsSpan().IndexOfAnyExcept(s_keyCharacters) < 0;

    /// <summary>Returns the text of a request id in an event id.</summary>
    // Hexadecimal is used, because the alphabet of Base64Url contains the underscore, which is the separator.
    public static string EncodeRequest(RequestId request) => request.Id switch
    {
        long number => "n" + number.ToString(CultureInfo.InvariantCulture),
        string text => "s" + Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)),
        _ => "",
    };

    private static bool TryDecodeRequest(string text, out RequestId request)
    {
        request = default;
        if (text.Length == 0)
        {
            return true;
        }

        if (text[0] == 'n' && long.TryParse(text.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            request = new RequestId(number);
            return true;
        }

        try
        {
            request = text[0] == 's' ? new RequestId(Encoding.UTF8.GetString(Convert.FromHexString(text.AsSpan(1)))) : default;
            return request.Id is not null;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
