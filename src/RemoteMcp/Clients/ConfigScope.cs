namespace RemoteMcp.Clients;

/// <summary>Specifies the scope of a configuration file.</summary>
internal enum ConfigScope
{
    /// <summary>All users in the current folder. Such files are often committed.</summary>
    Project,

    /// <summary>The signed-in user in all folders.</summary>
    User,
}
