namespace RemoteMcp.AuthorizationServer.Pages;

/// <summary>Contains what the error page shows.</summary>
/// <param name="ServerName">The name of this server.</param>
/// <param name="Title">What failed, in a few words.</param>
/// <param name="Explanation">Why it failed.</param>
/// <param name="NextStep">What the user can do.</param>
/// <param name="Reference">What an operator can find in the log, such as an AADSTS number.</param>
/// <param name="Continue">A link to the next step.</param>
internal sealed record ErrorView(
    string ServerName, string Title, string Explanation, string? NextStep, string? Reference, LinkOut? Continue);

/// <summary>Represents a link to another page. It is shown only if the URL is a path of this server or an http or https URL.</summary>
/// <param name="Text">The text of the link.</param>
/// <param name="Url">The URL.</param>
internal sealed record LinkOut(string Text, string Url);
