using System.Buffers;
using System.Globalization;
using System.Text;
using ModelContextProtocol.Protocol;
using RemoteMcp.Fleet;

namespace RemoteMcp.Sessions.Streams;

/// <summary>
/// Names an event, and with it the stream to resume and where to find the rest (2025-11-25, Transports, "Resumability and
/// Redelivery"). It says nothing that its client does not know, and it is only ever looked up within the session of the request.
/// </summary>
/// <param name="Stream">The stream's key within the session: <c>get</c>, or a response stream's.</param>
/// <param name="Epoch">Counts the claims of the GET stream; 0 for a response stream.</param>
/// <param name="Sequence">Counts the events of the stream.</param>
/// <param name="Owner">The instance that ran the call; empty for the GET stream.</param>
/// <param name="Request">The request that the response stream answers.</param>
internal readonly record struct EventId(string Stream, long Epoch, long Sequence, string Owner, RequestId Request)
{
    /// <summary>The key of a session's GET stream.</summary>
    public const string Get = "get";

    /// <summary>Longer request ids are not carried, so streams that answer them cannot be resumed.</summary>
    public const int MaxRequestIdBytes = 64;

    private const int MaxLength = 256;
    private const char Separator = '_';
    private static readonly SearchValues<char> KeyCharacters = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyz");

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Stream}{Separator}{Epoch}{Separator}{Sequence}{Separator}{Owner}{Separator}{EncodeRequest(Request)}");

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

    /// <summary>Whether the id of a request is short enough to be carried.</summary>
    public static bool CanCarry(RequestId request) => request.Id is long || (request.Id is string text && Encoding.UTF8.GetByteCount(text) <= MaxRequestIdBytes);

    private static bool IsKey(string text) => text.Length is > 0 and <= 32 && text.AsSpan().IndexOfAnyExcept(KeyCharacters) < 0;

    // Base64Url has the underscore in its alphabet; hexadecimal has not.
    private static string EncodeRequest(RequestId request) => request.Id switch
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
