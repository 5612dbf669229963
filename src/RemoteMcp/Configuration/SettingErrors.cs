using System.Globalization;
using Microsoft.Extensions.Options;

namespace RemoteMcp.Configuration;

/// <summary>Collects what is wrong with the settings of a section, for an options validator.</summary>
/// <param name="section">The path of the section, e.g. <c>RemoteMcp:Files</c>.</param>
public sealed class SettingErrors(string section)
{
    private readonly List<string> _errors = [];

    /// <summary>Returns the result of the validation.</summary>
    /// <returns>A success if no error was added; otherwise, a failure with all errors.</returns>
    public ValidateOptionsResult ToResult() => _errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_errors);

    /// <summary>Returns the full name of a setting.</summary>
    /// <param name="setting">The key of the setting in the section.</param>
    /// <returns>The name, e.g. <c>RemoteMcp:Files:Root</c>.</returns>
    public string NameOf(string setting) => $"{section}:{setting}";

    /// <summary>Adds an error.</summary>
    /// <param name="setting">The key of the setting in the section.</param>
    /// <param name="error">What is wrong and how to correct it, as the rest of a sentence that begins with the setting's name.</param>
    public void Add(string setting, string error) => _errors.Add($"{NameOf(setting)} {error}");

    /// <summary>Adds an error if a value is not an absolute https URL without user information, query, and fragment.</summary>
    /// <param name="setting">The key of the setting in the section.</param>
    /// <param name="value">The value.</param>
    /// <param name="description">The URL to set, e.g. <c>the https URL of Microsoft Graph</c>.</param>
    public void RequireHttpsUrl(string setting, string? value, string description)
    {
        if (!IsUrlText(value)
            || !Uri.TryCreate(value, UriKind.Absolute, out var url)
            || url.Scheme != Uri.UriSchemeHttps
            || url is not { Query: "", Fragment: "", UserInfo: "" })
        {
            Add(setting, $"is '{value}'. Set it to {description}.");
        }
    }

    /// <summary>
    /// Returns whether a text has only characters that a URL can have (RFC 3986, section 2). <see cref="Uri"/> also accepts others: it
    /// removes white space around a URL, and escapes white space within it.
    /// </summary>
    /// <param name="value">The text.</param>
    /// <returns><see langword="false"/> if the text has white space, an invisible character, or one of <c>"&lt;&gt;\^`{|}</c>.</returns>
    public static bool IsUrlText(string? value) => value is not null
        && !value.Any(static c => c is '"' or '<' or '>' or '\\' or '^' or '`' or '{' or '|' or '}'
            || char.IsWhiteSpace(c) || char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format);

    /// <summary>Adds an error if a value is outside its range.</summary>
    /// <typeparam name="T">The type of the value: a number or a <see cref="TimeSpan"/>.</typeparam>
    /// <param name="setting">The key of the setting in the section.</param>
    /// <param name="value">The value.</param>
    /// <param name="minimum">The smallest valid value.</param>
    /// <param name="maximum">The largest valid value.</param>
    /// <param name="reason">The reason for the range, as the rest of a sentence, or <see langword="null"/>.</param>
    public void RequireRange<T>(string setting, T value, T minimum, T maximum, string? reason = null)
        where T : IComparable<T>
    {
        if (value.CompareTo(minimum) < 0 || value.CompareTo(maximum) > 0)
        {
            var kind = value is TimeSpan ? "a time" : "a number";
            Add(setting, string.Create(
                CultureInfo.InvariantCulture,
                $"is {value}. Set it to {kind} from {minimum} to {maximum}{(reason is null ? "" : ", " + reason)}."));
        }
    }
}
