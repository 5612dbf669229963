using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace RemoteMcp.HomePage;

/// <summary>Selects the media type of the response to <c>/</c> (RFC 9110, section 12.5.1).</summary>
internal static class PageMediaType
{
    public const string Html = "text/html";
    public const string Json = "application/json";
    public const string EventStream = "text/event-stream";

    /// <summary>
    /// Returns the media type that the request prefers. It returns HTML if the request has no preference or accepts none of the three
    /// types.
    /// </summary>
    public static string Preferred(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        var (html, json, events) = (Rank(accepted, Html), Rank(accepted, Json), Rank(accepted, EventStream));
        return json.CompareTo(html) > 0 && json.CompareTo(events) >= 0 ? Json
            : events.CompareTo(html) > 0 ? EventStream
            : Html;
    }

    // Ranks by quality first and then by the specificity of the media range, so that "application/json, */*" prefers JSON.
    private static (double Quality, int Specificity) Rank(IList<MediaTypeHeaderValue> accepted, string mediaType)
    {
        var type = new MediaTypeHeaderValue(mediaType);
        var best = (Quality: 0d, Specificity: 0);
        foreach (var range in accepted)
        {
            var specificity = range.MatchesAllTypes ? 1 : range.MatchesAllSubTypes ? 2 : 3;
            if (type.IsSubsetOf(range) && specificity >= best.Specificity)
            {
                best = (range.Quality ?? 1, specificity);
            }
        }

        return best.Quality > 0 ? best : default;
    }
}
