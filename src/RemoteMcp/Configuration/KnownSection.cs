namespace RemoteMcp.Configuration;

/// <summary>A section of the configuration and the options that it binds to.</summary>
/// <param name="Path">The path of the section, e.g. <c>RemoteMcp:Http</c>.</param>
/// <param name="OptionsType">The type of the options.</param>
internal sealed record KnownSection(string Path, Type OptionsType);
