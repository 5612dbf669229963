namespace RemoteMcp.Tools.Files.Store.Local;

/// <summary>
/// Detects names that Windows does not treat as the name of a file: devices, alternate data streams, and names that end with characters
/// that Windows removes (https://learn.microsoft.com/windows/win32/fileio/naming-a-file).
/// </summary>
internal static class WindowsNames
{
    private static readonly HashSet<string> s_devices = new(
        ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$",
            .. from port in (string[])["COM", "LPT"] from digit in "0123456789¹²³" select $"{port}{digit}"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Returns whether this machine runs Windows and the name has a special meaning there. Always <see langword="false"/> on other systems.
    /// </summary>
    public static bool IsSpecial(string name) => OperatingSystem.IsWindows() && IsSpecialOnWindows(name);

    /// <summary>
    /// Returns whether a name can be the short form of another name, such as <c>GIT~1</c> for <c>.git</c>: at most 8 characters, a tilde
    /// and a number at their end, and an extension of at most 3 characters.
    /// </summary>
    public static bool IsShortName(string name) =>
        name.Split('.') is { Length: 1 or 2 } parts
        && parts[0].Length <= 8
        && (parts.Length == 1 || parts[1].Length <= 3)
        && parts[0].LastIndexOf('~') is > 0 and var tilde
        && parts[0].AsSpan(tilde + 1) is { Length: > 0 } number
        && !number.ContainsAnyExceptInRange('0', '9');

    /// <summary>Returns whether the name has a special meaning on Windows.</summary>
    internal static bool IsSpecialOnWindows(string name) =>
        name.Contains(':') || name.EndsWith('.') || name.EndsWith(' ') || s_devices.Contains(name.Split('.')[0].TrimEnd(' '));
}
