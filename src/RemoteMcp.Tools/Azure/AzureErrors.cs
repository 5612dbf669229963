using System.Globalization;
using System.Text.Json;
using Azure;

namespace RemoteMcp.Tools.Azure;

/// <summary>Explains errors from Azure and their remedies, for the model and its user.</summary>
internal static class AzureErrors
{
    private const int MaxMessageLength = 1_500;
    private const int MaxMessages = 8;
    private const int MaxDepth = 6;

    // A service that is down usually does not send Retry-After.
    private static readonly TimeSpan s_usualDelay = TimeSpan.FromSeconds(30);

    /// <summary>Returns the message for a response that is not successful.</summary>
    public static string Explain(Response response, byte[]? body, AzureCall call, AzureOptions options)
    {
        var name = AzureClient.Name(call);
        var details = DetailsOf(body);
        return response.Status switch
        {
            401 when options.IsApp => $"{name} does not accept the server's token (401). "
                + $"Tell the server's operator to check {AzureOptions.Section}:{nameof(AzureOptions.ArmResource)} and "
                + $"{nameof(AzureOptions.LogsResource)}, and that the identity belongs to the tenant of the subscriptions.{details}",
            401 => $"{name} does not accept the caller's token (401). "
                + "Sign out of this server in your client, sign in again, and call the tool again. If the server runs on your machine and "
                + $"you do not sign in to it, run `az login` instead.{details}",
            403 => $"{name} refuses the request (403): {(options.IsApp ? "the server's managed identity" : "the signed-in user")} needs "
                + $"the role {call.Role} on {call.Scope}. "
                + $"Ask an administrator to assign the role. It can take ten minutes to take effect.{details}",
            404 => $"{name} did not find the resource (404). Check the ids with query_resources.{details}",
            429 or 503 => Wait(response, name, "gets too many requests or is too busy") + details,
            504 or 408 => $"{name} stopped the query because it took too long ({response.Status}). Ask for less: a shorter timespan, an "
                + $"earlier `where`, or a `summarize`.{details}",
            >= 500 => Wait(response, name, "had an internal error") + details,
            400 => $"{name} refuses the request (400). Correct it and call again.{details}",
            _ => string.Create(CultureInfo.InvariantCulture,
                $"{name} returned the unexpected status {response.Status}. Try again. If that does not help, tell the server's operator to "
                    + $"check {AzureOptions.Section}.{details}"),
        };
    }

    /// <summary>
    /// Returns the messages of an Azure error as one line of limited length. The inner messages have the cause, and the outer ones only say
    /// that there is an error.
    /// </summary>
    public static string Message(JsonElement error)
    {
        var messages = new List<string>();
        Collect(error, messages, MaxDepth);
        return SafeText.Line(string.Join(" ", messages.Distinct()), MaxMessageLength);
    }

    private static string Wait(Response response, string name, string why) => string.Create(CultureInfo.InvariantCulture,
        $"{name} {why} ({response.Status}). Try again in "
            + $"{Math.Ceiling((AzureRetryAfter.AskedBy(response) ?? s_usualDelay).TotalSeconds):0} s, not sooner.");

    private static string DetailsOf(byte[]? body)
    {
        try
        {
            using var document = JsonDocument.Parse(body ?? []);
            var root = document.RootElement;
            // Azure Monitor metrics return the error at the root of the document.
            var message = Message(root.ValueKind == JsonValueKind.Object && root.TryGetProperty("error", out var error) ? error : root);
            return message.Length == 0 ? "" : $" Azure says: {message}";
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private static void Collect(JsonElement error, List<string> messages, int depth)
    {
        if (depth == 0 || messages.Count >= MaxMessages || error.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        var message = Text(error, "message");
        var place = Text(error, "line") is { Length: > 0 } line
            ? $" (line {line}, position {Text(error, "characterPositionInLine")}, at '{Text(error, "token")}')"
            : "";
        if (message.Length > 0)
        {
            messages.Add((message.Trim() is [.., '.'] or [.., '!'] or [.., '?'] ? message.Trim() : message.Trim() + ".") + place);
        }

        foreach (var name in (string[])["innererror", "innerError", "details"])
        {
            if (!error.TryGetProperty(name, out var inner))
            {
                continue;
            }

            if (inner.ValueKind != JsonValueKind.Array)
            {
                Collect(inner, messages, depth - 1);
                continue;
            }

            foreach (var each in inner.EnumerateArray())
            {
                Collect(each, messages, depth - 1);
            }
        }
    }

    private static string Text(JsonElement error, string name) => !error.TryGetProperty(name, out var value) ? "" : value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        _ => "",
    };
}
